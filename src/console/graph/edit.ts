import type { Json, JsonObject } from '../api/types';
import {
  activity,
  activityIndex,
  activityList,
  connectionList,
  screen,
  screenIndex,
  screenList,
  startOf,
  targetOf,
  type Activity,
  type Connection,
  type Flow,
  type Position,
  type Screen,
} from './flow';
import { screenOf, settingFor, typeOf } from './described';
import { takenIds, uniqueId } from './ids';
import { inGroups } from './notes';
import { outcomesOf } from './ports';
import { componentsOf, isObject, replaceAt, text, withMember } from './json';
import type { Catalogue, ErrorMode } from './ports';

// Commands: each takes a flow and gives a flow; what did not change is shared.

export const setFlowMember = (flow: Flow, name: string, value: Json | undefined): Flow => withMember(flow, name, value);

export const setStart = (flow: Flow, id: string): Flow => withMember(flow, 'start', id);

/** Adds activities at the end of the list, each where it is said to stand. The first activity of a flow is its start. */
export function addActivities(flow: Flow, items: readonly { activity: Activity; at?: Position | undefined }[]): Flow {
  let next = withMember(flow, 'activities', [...activityList(flow), ...items.map((item) => item.activity)]);
  next = moveActivities(next, new Map(items.flatMap((item) => (item.at ? [[text(item.activity['id']), item.at] as const] : []))));
  return activity(next, startOf(next)) ? next : setStart(next, text(items[0]?.activity['id']));
}

export function replaceActivity(flow: Flow, id: string, change: (item: Activity) => Activity): Flow {
  const index = activityIndex(flow, id);
  if (index < 0) return flow;
  const before = activityList(flow)[index] as Activity;
  const after = change(before);
  return after === before ? flow : withMember(flow, 'activities', replaceAt(activityList(flow), index, after));
}

export const setActivityMember = (flow: Flow, id: string, name: string, value: Json | undefined): Flow =>
  replaceActivity(flow, id, (item) => withMember(item, name, value));

/** Takes activities away, with the connections that touch them. */
export function removeActivities(flow: Flow, ids: Iterable<string>): Flow {
  const gone = new Set(ids);
  let next = withMember(
    flow,
    'activities',
    activityList(flow).filter((item) => !isObject(item) || !gone.has(text(item['id']))),
  );
  next = keepConnections(next, (c) => !gone.has(c.source) && !gone.has(c.target));
  const designer = flow['designer'];
  if (isObject(designer)) next = withMember(next, 'designer', Object.fromEntries(Object.entries(designer).filter(([id]) => !gone.has(id))));
  next = inGroups(next, (id) => (gone.has(id) ? undefined : id));
  return gone.has(startOf(next)) ? setStart(next, text((activityList(next).find(isObject) as JsonObject | undefined)?.['id'])) : next;
}

/** Takes activities away and joins what led to them with what followed: where their first outcome went on to. */
export function removeAndHeal(flow: Flow, ids: Iterable<string>, catalogue: Catalogue): Flow {
  const gone = new Set(ids);
  const after = (id: string): string | undefined => {
    const seen = new Set<string>();
    for (let at: string | undefined = id; at !== undefined && !seen.has(at); ) {
      if (!gone.has(at)) return at;
      seen.add(at);
      const item = activity(flow, at);
      const port: string | undefined = item && outcomesOf(flow, item, catalogue).find((one) => one.kind === 'outcome')?.name;
      at = port === undefined ? undefined : targetOf(flow, at, port);
    }
    return undefined;
  };
  const healed = mapConnections(flow, ({ source, target }) => {
    const to = !gone.has(source) && gone.has(target) ? after(target) : undefined;
    return to === undefined || to === source ? {} : { target: to };
  });
  const next = removeActivities(healed, gone);
  const start = gone.has(startOf(flow)) ? after(startOf(flow)) : undefined;
  return start === undefined ? next : setStart(next, start);
}

export function moveActivities(flow: Flow, positions: ReadonlyMap<string, Position>): Flow {
  if (positions.size === 0) return flow;
  const designer = isObject(flow['designer']) ? flow['designer'] : {};
  const moved: JsonObject = { ...designer };
  for (const [id, { x, y }] of positions) {
    const old = designer[id];
    moved[id] = { ...(isObject(old) ? old : {}), x: Math.round(x), y: Math.round(y) };
  }
  return withMember(flow, 'designer', moved);
}

/** Takes away where activities stand; what else the designer keeps of them stays. */
export function withoutPlaces(flow: Flow): Flow {
  const designer = flow['designer'];
  if (!isObject(designer)) return flow;
  const kept = Object.entries(designer).flatMap(([id, entry]) => {
    if (!isObject(entry) || activityIndex(flow, id) < 0) return [[id, entry] as const];
    const { x: _, y: __, ...rest } = entry;
    return Object.keys(rest).length > 0 ? [[id, rest] as const] : [];
  });
  return withMember(flow, 'designer', kept.length > 0 ? Object.fromEntries(kept) : undefined);
}

/** Joins a port to an activity. One connection leaves a port: a second one takes its place. */
export function connect(flow: Flow, { source, port, target }: Connection): Flow {
  const list = connectionList(flow);
  const index = list.findIndex((item) => isObject(item) && item['source'] === source && item['port'] === port);
  if (index < 0) return withMember(flow, 'connections', [...list, { source, port, target }]);
  const old = list[index] as JsonObject;
  return old['target'] === target ? flow : withMember(flow, 'connections', replaceAt(list, index, { ...old, target }));
}

export const disconnect = (flow: Flow, source: string, port: string): Flow =>
  keepConnections(flow, (c) => c.source !== source || c.port !== port);

/** Moves an end of a connection. */
export function reconnect(flow: Flow, old: Connection, to: Connection): Flow {
  if (old.source === to.source && old.port === to.port) return connect(flow, to);
  return connect(disconnect(flow, old.source, old.port), to);
}

function keepConnections(flow: Flow, keep: (connection: Connection) => boolean): Flow {
  const list = connectionList(flow);
  const kept = list.filter(
    (item) => !isObject(item) || keep({ source: text(item['source']), port: text(item['port']), target: text(item['target']) }),
  );
  return kept.length === list.length ? flow : withMember(flow, 'connections', kept);
}

function mapConnections(flow: Flow, ...changes: ((connection: Connection) => Partial<Connection>)[]): Flow {
  let changed = false;
  const list = connectionList(flow).map((item) => {
    if (!isObject(item)) return item;
    const connection = { source: text(item['source']), port: text(item['port']), target: text(item['target']) };
    const change = Object.assign({}, ...changes.map((make) => make(connection))) as JsonObject;
    if (Object.keys(change).length === 0) return item;
    changed = true;
    return { ...item, ...change };
  });
  return changed ? withMember(flow, 'connections', list) : flow;
}

const renamePort = (flow: Flow, id: string, from: string, to: string): Flow =>
  mapConnections(flow, (c) => (c.source === id && c.port === from ? { port: to } : {}));

/** Puts new branches in place of a Condition's; the connections of branches that are gone go with them. */
export function setBranches(flow: Flow, id: string, branches: Json[]): Flow {
  const after = new Set(outcomes(branches));
  const gone = new Set(outcomes(activity(flow, id)?.['branches']).filter((name) => !after.has(name)));
  return keepConnections(setActivityMember(flow, id, 'branches', branches), (c) => c.source !== id || !gone.has(c.port));
}

/** Puts new outcomes by name in place of an activity's; the connections of those that are gone go with them. */
export function setOutcomes(flow: Flow, id: string, setting: string, next: JsonObject): Flow {
  const before = activity(flow, id)?.[setting];
  const gone = new Set(isObject(before) ? Object.keys(before).filter((name) => !Object.hasOwn(next, name)) : []);
  const changed = setActivityMember(flow, id, setting, Object.keys(next).length > 0 ? next : undefined);
  return keepConnections(changed, (c) => c.source !== id || !gone.has(c.port));
}

const outcomes = (branches: Json | undefined): string[] =>
  Array.isArray(branches)
    ? branches
        .filter(isObject)
        .map((branch) => text(branch['outcome']))
        .filter(Boolean)
    : [];

/** Sets how an error event is handled. An event that is no outcome any more loses its connection. */
export function setErrorHandling(flow: Flow, id: string, event: string, mode: ErrorMode, message?: string): Flow {
  const value: Json = mode === 'automatic' && message ? { mode, message } : mode;
  let next = replaceActivity(flow, id, (item) => {
    const handling = isObject(item['errorHandling']) ? item['errorHandling'] : {};
    return withMember(item, 'errorHandling', withMember(handling, event, value));
  });
  if (mode !== 'custom') next = disconnect(next, id, event);
  return next;
}

// Screens

export const addScreen = (flow: Flow, item: Screen): Flow => withMember(flow, 'screens', [...screenList(flow), item]);

/** Changes a screen. Where a button or link has another id, the connections of the activities that show it follow. */
export function replaceScreen(flow: Flow, id: string, change: (item: Screen) => Screen, catalogue: Catalogue): Flow {
  const index = screenIndex(flow, id);
  if (index < 0) return flow;
  const before = screenList(flow)[index] as Screen;
  const after = change(before);
  if (after === before) return flow;
  let next = withMember(flow, 'screens', replaceAt(screenList(flow), index, after));
  const [was, is] = [componentIds(before), componentIds(after)];
  const [lost, found] = [was.filter((name) => !is.includes(name)), is.filter((name) => !was.includes(name))];
  const sameNumber = componentsOf(before).length === componentsOf(after).length;
  for (const shown of activitiesShowing(flow, id, catalogue)) {
    if (lost.length === 1 && found.length === 1 && sameNumber) next = renamePort(next, shown, lost[0]!, found[0]!);
    else if (!sameNumber && lost.length) next = keepConnections(next, (c) => c.source !== shown || !lost.includes(c.port));
  }
  return next;
}

const componentIds = (item: Screen): string[] =>
  componentsOf(item)
    .map((component) => text(component['id']))
    .filter(Boolean);

export function renameScreen(flow: Flow, id: string, to: string, catalogue: Catalogue): Flow {
  if (id === to) return flow;
  let next = replaceScreen(flow, id, (item) => withMember(item, 'id', to), catalogue);
  for (const shown of activitiesShowing(flow, id, catalogue))
    next = setActivityMember(next, shown, settingFor(typeOf(activity(flow, shown)!, catalogue), 'screen')!.name, to);
  return next;
}

export const removeScreen = (flow: Flow, id: string): Flow =>
  withMember(
    flow,
    'screens',
    screenList(flow).filter((item) => !isObject(item) || item['id'] !== id),
  );

export function duplicateScreen(flow: Flow, id: string): { flow: Flow; id: string } {
  const item = screen(flow, id);
  if (!item) return { flow, id };
  const copy = uniqueId(
    id,
    screenList(flow)
      .filter(isObject)
      .map((other) => text(other['id'])),
  );
  return { flow: addScreen(flow, { ...item, id: copy }), id: copy };
}

export const activitiesShowing = (flow: Flow, screenId: string, catalogue: Catalogue): string[] =>
  activityList(flow)
    .filter(isObject)
    .filter((item) => screenId !== '' && screenOf(item, catalogue) === screenId)
    .map((item) => text(item['id']));

/** Gives every activity an id of its own, as the canvas needs it; says which it changed. */
export function repairIds(flow: Flow): { flow: Flow; changed: string[] } {
  const taken = new Set<string>();
  const all = takenIds(flow);
  const changed: string[] = [];
  const list = activityList(flow).map((item) => {
    if (!isObject(item)) return item;
    const id = text(item['id']);
    if (id && !taken.has(id)) {
      taken.add(id);
      return item;
    }
    const fresh = uniqueId(id || 'activity', all);
    all.add(fresh);
    taken.add(fresh);
    changed.push(fresh);
    return { ...item, id: fresh };
  });
  return changed.length ? { flow: withMember(flow, 'activities', list), changed } : { flow, changed };
}
