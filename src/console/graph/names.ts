import { renameActivityIn, renameOutcomeIn } from './accepted';
import type { Json, JsonObject } from '../api/types';
import { goesOnFrom, pathOf, type Segment } from './contextPath';
import { eachOf, everyActivity, flowOf, screenOf, typeOf } from './described';
import { activityList, screens, startOf, type Activity, type Flow } from './flow';
import { inGroups } from './notes';
import { isObject, renameMember, text, withMember } from './json';
import { contextKeyOf, contextRootOf } from './paths';
import { inputsOf, type Catalogue } from './ports';
import { locate, type Problem } from './problems';
import { readingsOf, renameReads } from './reads';

/** Something of a flow that has a name by which other places know it. */
export type Named =
  | { kind: 'activity'; id: string }
  | { kind: 'contextKey'; activity: string }
  /** An input of a screen: form.<name>. */
  | { kind: 'field'; screen: string; name: string }
  /** What a caller gives: client.<name>. */
  | { kind: 'input'; name: string }
  /** An outcome of one activity, such as a branch. */
  | { kind: 'outcome'; activity: string; name: string }
  /** A member that an activity writes below a root: a claim, an attribute of the person. */
  | { kind: 'member'; path: Segment[] };

/** What a flow and the flows that call it have between them (docs/adr/0004): the rest of each is its own. */
export type Shared =
  | { kind: 'input'; name: string }
  /** A member of an End's outputs: scripts.<context key of the Subflow>.<name> of the caller. */
  | { kind: 'output'; name: string }
  /** An End's name: an outcome of the caller's Subflow. */
  | { kind: 'end'; name: string };

/** A place that names something. */
export interface Use extends Pick<Problem, 'activity' | 'port' | 'screen' | 'component' | 'pointer' | 'setting'> {
  /** The path as it is read; for others the name. */
  path: string;
}

/** Changes every activity of a flow, those inside Parallel and ForEach too. */
function mapActivities(flow: Flow, change: (item: Activity) => Activity): Flow {
  const each = (list: Json[]): Json[] => {
    const next = list.map((item) => {
      if (!isObject(item)) return item;
      const inner = item['activities'];
      const one = eachOf(item);
      let changed = change(item);
      const below = Array.isArray(inner) ? each(inner) : inner;
      if (below !== inner) changed = withMember(changed, 'activities', below);
      const changedOne = one && change(one);
      return changedOne === one ? changed : withMember(changed, 'activity', changedOne);
    });
    return next.some((item, i) => item !== list[i]) ? next : list;
  };
  const list = activityList(flow);
  const next = each(list);
  return next === list ? flow : withMember(flow, 'activities', next);
}

export const findActivity = (flow: Flow, id: string): Activity | undefined => everyActivity(flow).find((item) => item['id'] === id);

/** Where in the context something stands; undefined for what is no path. */
export function pathOfNamed(flow: Flow, named: Named, catalogue: Catalogue): Segment[] | undefined {
  switch (named.kind) {
    case 'field':
      return ['form', named.name];
    case 'input':
      return ['client', named.name];
    case 'member':
      return named.path;
    case 'outcome':
      return undefined;
    default: {
      const item = findActivity(flow, named.kind === 'activity' ? named.id : named.activity);
      const root = item && contextRootOf(item, catalogue);
      if (!root || (named.kind === 'activity' && text(item['contextKey']))) return undefined;
      return [root, contextKeyOf(item)];
    }
  }
}

/** Who else writes the same place: other activities with the key, other screens with the field. */
export function othersWriting(flow: Flow, named: Named, catalogue: Catalogue): string[] {
  if (named.kind === 'field')
    return screens(flow)
      .filter((item) => item['id'] !== named.screen && inputsOf(item, catalogue).some((input) => input['name'] === named.name))
      .map((item) => text(item['id']));
  const path = pathOfNamed(flow, named, catalogue);
  if (!path || (named.kind !== 'activity' && named.kind !== 'contextKey')) return [];
  const own = named.kind === 'activity' ? named.id : named.activity;
  return everyActivity(flow)
    .filter((item) => item['id'] !== own && contextRootOf(item, catalogue) === path[0] && contextKeyOf(item) === path[1])
    .map((item) => text(item['id']));
}

/**
 * Gives something another name, and every place that names it follows: templates, keys, values and scripts of rules, screens and their
 * translations, connections.
 * Where others write the same place (`othersWriting`), `everywhere` says whether they follow too; if not, what reads it goes on reading
 * what they write.
 */
export function rename(flow: Flow, named: Named, to: string, catalogue: Catalogue, everywhere = true): Flow {
  const path = pathOfNamed(flow, named, catalogue);
  const others = new Set(othersWriting(flow, named, catalogue));
  const follow = (next: Flow): Flow => (path && (others.size === 0 || everywhere) ? renameReads(next, path, to, catalogue) : next);
  switch (named.kind) {
    case 'activity':
      return follow(renameId(withKeys(flow, everywhere ? others : none, to), named.id, to));
    case 'contextKey': {
      const id = named.activity;
      // A key like the id need not be written, and is not where it was not.
      const key = (item: Activity) => (to === item['id'] && (item['id'] !== id || item['contextKey'] === undefined) ? undefined : to);
      return follow(
        mapActivities(withKeys(flow, everywhere ? others : none, to), (item) =>
          item['id'] === id ? withMember(item, 'contextKey', key(item)) : item,
        ),
      );
    }
    case 'field':
      return follow(mapFields(flow, (screen) => screen === named.screen || (everywhere && others.has(screen)), named.name, to));
    case 'input': {
      const inputs = flow['inputs'];
      return follow(isObject(inputs) ? withMember(flow, 'inputs', renameMember(inputs, named.name, to)) : flow);
    }
    case 'outcome':
      return mapAccepts(
        renamePorts(renameOutcome(flow, named.activity, named.name, to, catalogue), (id) => id === named.activity, named.name, to),
        (entries) => renameOutcomeIn(entries, named.activity, named.name, to),
      );
    default:
      return follow(flow);
  }
}

const none: ReadonlySet<string> = new Set();

const withKeys = (flow: Flow, ids: ReadonlySet<string>, key: string): Flow =>
  ids.size ? mapActivities(flow, (item) => (ids.has(text(item['id'])) ? withMember(item, 'contextKey', key) : item)) : flow;

function renameId(flow: Flow, id: string, to: string): Flow {
  let next = mapActivities(flow, (item) => {
    const renamed = item['id'] === id ? withMember(item, 'id', to) : item;
    // A rule may ask which activity failed.
    return mapRules(renamed, (rule) => (rule['key'] === 'error.activity' && rule['value'] === id ? withMember(rule, 'value', to) : rule));
  });
  next = mapConnections(next, (connection) => ({
    ...(connection['source'] === id && { source: to }),
    ...(connection['target'] === id && { target: to }),
  }));
  if (startOf(next) === id) next = withMember(next, 'start', to);
  next = mapAccepts(next, (entries) => renameActivityIn(entries, id, to));
  const designer = next['designer'];
  if (isObject(designer)) next = withMember(next, 'designer', renameMember(designer, id, to));
  return inGroups(next, (other) => (other === id ? to : other));
}

function mapRules<T extends JsonObject>(value: T, change: (rule: JsonObject) => JsonObject): T {
  const list = (items: Json[], member: string): Json[] => {
    const next = items.map((item) => (isObject(item) ? mapRules(member === 'rules' ? change(item) : item, change) : item));
    return next.some((item, i) => item !== items[i]) ? next : items;
  };
  let changed: JsonObject = value;
  for (const member of ['branches', 'rules']) {
    const inner = changed[member];
    if (Array.isArray(inner)) changed = withMember(changed, member, list(inner, member));
  }
  return changed as T;
}

/** Renames an outcome where the activity's settings name it: an element of a list, or a member. */
function renameOutcome(flow: Flow, id: string, from: string, to: string, catalogue: Catalogue): Flow {
  return mapActivities(flow, (item) => {
    if (item['id'] !== id) return item;
    let next = item;
    for (const { name, outcomes } of typeOf(item, catalogue)?.settings ?? []) {
      const value = item[name];
      if (outcomes?.from === 'members' && isObject(value)) next = withMember(next, name, renameMember(value, from, to));
      else if (outcomes?.from === 'elements' && Array.isArray(value)) {
        const member = outcomes.name!;
        const renamed = value.map((one) => (isObject(one) && one[member] === from ? withMember(one, member, to) : one));
        next = withMember(next, name, renamed);
      }
    }
    return next;
  });
}

function mapFields(flow: Flow, isWanted: (screen: string) => boolean, from: string, to: string): Flow {
  const list = flow['screens'];
  if (!Array.isArray(list)) return flow;
  return withMember(
    flow,
    'screens',
    list.map((item) => {
      if (!isObject(item) || !isWanted(text(item['id'])) || !Array.isArray(item['components'])) return item;
      return withMember(item, 'components', renamed(item['components'], from, to));
    }),
  );
}

/** The components with an input of another name, in containers too. */
const renamed = (components: readonly Json[], from: string, to: string): Json[] =>
  components.map((component) => {
    if (!isObject(component)) return component;
    const inner = component['components'];
    const next = Array.isArray(inner) ? withMember(component, 'components', renamed(inner, from, to)) : component;
    return next['name'] === from ? withMember(next, 'name', to) : next;
  });

function mapConnections(flow: Flow, change: (connection: JsonObject) => JsonObject): Flow {
  const list = flow['connections'];
  if (!Array.isArray(list)) return flow;
  const next = list.map((item) => {
    const changed = isObject(item) ? change(item) : {};
    return Object.keys(changed).length ? { ...(item as JsonObject), ...changed } : item;
  });
  return next.some((item, i) => item !== list[i]) ? withMember(flow, 'connections', next) : flow;
}

const mapAccepts = (flow: Flow, change: (entries: Json[]) => Json[]): Flow =>
  Array.isArray(flow['accepts']) ? withMember(flow, 'accepts', change(flow['accepts'])) : flow;

const renamePorts = (flow: Flow, isSource: (id: string) => boolean, from: string, to: string): Flow =>
  mapConnections(
    flow,
    (connection): JsonObject => (isSource(text(connection['source'])) && connection['port'] === from ? { port: to } : {}),
  );

// What is read of what

/** The places of the context that a flow fills by itself: results, fields, inputs, claims, the person. */
export function slotsOf(flow: Flow, catalogue: Catalogue): Map<string, Segment[]> {
  const slots = new Map<string, Segment[]>();
  const add = (...path: Segment[]) => slots.set(pathOf(path), path);
  // A screen that nobody is shown brings nothing.
  const shown = new Set(everyActivity(flow).map((item) => screenOf(item, catalogue)));
  for (const item of screens(flow))
    if (shown.has(text(item['id']))) for (const input of inputsOf(item, catalogue)) add('form', text(input['name']));
  if (isObject(flow['inputs'])) for (const name of Object.keys(flow['inputs'])) add('client', name);
  for (const item of everyActivity(flow)) {
    const root = contextRootOf(item, catalogue);
    if (root) add(root, contextKeyOf(item));
    for (const member of ['claims', 'user'] as const)
      if (isObject(item[member])) for (const name of Object.keys(item[member])) add(member, name);
  }
  return slots;
}

const useOf = (flow: Flow, pointer: string, path: string): Use => {
  const [place] = locate(flow, [{ pointer, code: '', severity: 'error', message: '', advice: '' }]) as [Problem];
  return {
    pointer,
    path,
    setting: place.setting,
    ...(place.activity && { activity: place.activity }),
    ...(place.port !== undefined && { port: place.port }),
    ...(place.screen && { screen: place.screen }),
    ...(place.component !== undefined && { component: place.component }),
  };
};

/** Where a flow reads something, or what goes on from it. */
export const usesOf = (flow: Flow, paths: readonly (readonly Segment[])[], catalogue: Catalogue): Use[] =>
  paths.length === 0
    ? []
    : readingsOf(flow, catalogue)
        .filter(({ path }) => paths.some((start) => goesOnFrom(path, start)))
        .map(({ path, pointer }) => useOf(flow, pointer, pathOf(path)));

/** What would read a value that nothing writes any more, if `before` became `after`: to be told before something is taken away. */
export function orphans(before: Flow, after: Flow, catalogue: Catalogue): Use[] {
  const left = slotsOf(after, catalogue);
  return usesOf(
    after,
    [...slotsOf(before, catalogue)].filter(([name]) => !left.has(name)).map(([, path]) => path),
    catalogue,
  );
}

// Between flows

const calls = (item: Activity, flow: string, catalogue: Catalogue): boolean => flow !== '' && flowOf(item, catalogue) === flow;

/**
 * What a flow that calls `called` has to say otherwise when something between them has another name. The caller's form, connectors and
 * scripts are its own.
 */
export function renameShared(caller: Flow, called: string, shared: Shared, to: string, catalogue: Catalogue): Flow {
  const calling = everyActivity(caller).filter((item) => calls(item, called, catalogue));
  switch (shared.kind) {
    case 'input':
      return calling.length === 0
        ? caller
        : mapActivities(caller, (item) =>
            calls(item, called, catalogue) && isObject(item['inputs'])
              ? withMember(item, 'inputs', renameMember(item['inputs'], shared.name, to))
              : item,
          );
    case 'output':
      return calling.reduce((flow, item) => renameReads(flow, ['scripts', contextKeyOf(item), shared.name], to, catalogue), caller);
    default: {
      const ids = new Set(calling.map((item) => text(item['id'])));
      return renamePorts(caller, (id) => ids.has(id), shared.name, to);
    }
  }
}

/** Where a flow that calls `called` names something between them. */
export function usesOfShared(caller: Flow, called: string, shared: Shared, catalogue: Catalogue): Use[] {
  const calling = everyActivity(caller).filter((item) => calls(item, called, catalogue));
  switch (shared.kind) {
    case 'input':
      return calling
        .filter((item) => isObject(item['inputs']) && Object.hasOwn(item['inputs'], shared.name))
        .map((item) => ({ activity: text(item['id']), pointer: '', setting: '/inputs', path: shared.name }));
    case 'output':
      return usesOf(
        caller,
        calling.map((item) => ['scripts', contextKeyOf(item), shared.name]),
        catalogue,
      );
    default: {
      const ids = new Set(calling.map((item) => text(item['id'])));
      const list = Array.isArray(caller['connections']) ? caller['connections'] : [];
      return list.flatMap((item, index) =>
        isObject(item) && ids.has(text(item['source'])) && item['port'] === shared.name
          ? [useOf(caller, `/connections/${index}/port`, shared.name)]
          : [],
      );
    }
  }
}
