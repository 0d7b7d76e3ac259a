import { parseJson, writeJson } from '../api/json';
import type { JsonObject } from '../api/types';
import { eachOf, screenOf, settingFor, typeOf } from './described';
import { addActivities, addScreen, connect } from './edit';
import { activities, activity, connections, positionOf, screen, screens, type Connection, type Flow, type Position } from './flow';
import { takenIds, uniqueId } from './ids';
import { isObject, objects, sameJson, text } from './json';
import { contextRootOf } from './paths';
import type { Catalogue } from './ports';
import { renameReads } from './reads';
import { sizeOf, step } from './size';

const mark = 'flowengine/activities';

/** Activities as text for the clipboard, with the connections between them and the screens they show. */
export function copyOf(flow: Flow, ids: Iterable<string>, catalogue: Catalogue, places?: ReadonlyMap<string, Position>): string {
  const chosen = [...ids].filter((id) => activity(flow, id));
  const inside = new Set(chosen);
  const shown = new Set(chosen.map((id) => screenOf(activity(flow, id)!, catalogue)).filter(Boolean));
  return writeJson(
    {
      kind: mark,
      activities: chosen.map((id) => activity(flow, id)!),
      connections: connections(flow).filter((c) => inside.has(c.source) && inside.has(c.target)),
      screens: [...shown].map((id) => screen(flow, id)).filter(isObject),
      designer: Object.fromEntries(chosen.map((id) => [id, { ...(positionOf(flow, id) ?? places?.get(id) ?? { x: 0, y: 0 }) }])),
    },
    2,
  );
}

/** Whether a text is what `copyOf` makes. */
export function parseCopy(clipboard: string): JsonObject | undefined {
  if (!clipboard.includes(mark)) return undefined;
  try {
    const copy = parseJson(clipboard);
    return isObject(copy) && copy['kind'] === mark && objects(copy['activities']).some((item) => text(item['id']) && text(item['type']))
      ? copy
      : undefined;
  } catch {
    return undefined;
  }
}

/** Adds copied activities under ids of their own. Screens that the flow has already, the same, are shared; others come along. */
export function paste(flow: Flow, copy: JsonObject, catalogue: Catalogue, at?: Position): { flow: Flow; ids: string[] } {
  let next = flow;
  const screenIds = new Map<string, string>();
  for (const item of objects(copy['screens'])) {
    const id = text(item['id']);
    const own = screen(flow, id);
    const to =
      !own || sameJson(own, item)
        ? id
        : uniqueId(
            id,
            screens(next).map((other) => text(other['id'])),
          );
    screenIds.set(id, to);
    if (!screen(next, to)) next = addScreen(next, { ...item, id: to });
  }

  const items = objects(copy['activities']).filter((item) => text(item['id']) && text(item['type']));
  const taken = takenIds(flow);
  const ids = new Map<string, string>();
  for (const item of items) {
    const fresh = uniqueId(text(item['id']), taken);
    taken.add(fresh);
    ids.set(text(item['id']), fresh);
  }

  // Results that stand under an activity's id have moved, so the paths to them, among what is pasted, follow.
  const moved = items.flatMap((item) => {
    const [id, root] = [text(item['id']), contextRootOf(item, catalogue)];
    return root && !text(item['contextKey']) && ids.get(id) !== id ? [{ path: [root, id], to: ids.get(id)! }] : [];
  });
  const places = isObject(copy['designer']) ? copy['designer'] : {};
  const placeOf = (id: string): Position => {
    const place = isObject(places[id]) ? places[id] : {};
    return { x: Number(place['x']) || 0, y: Number(place['y']) || 0 };
  };
  const corner = {
    x: Math.min(...items.map((item) => placeOf(text(item['id'])).x)),
    y: Math.min(...items.map((item) => placeOf(text(item['id'])).y)),
  };
  const shift = at ? { x: at.x - corner.x, y: at.y - corner.y } : beside();

  /** As far below the original that nothing is covered. */
  function beside(): Position {
    const others = activities(flow).flatMap((item) => {
      const place = positionOf(flow, text(item['id']));
      return place ? [{ ...place, ...sizeOf(flow, item, catalogue) }] : [];
    });
    const own = items.map((item) => ({ ...placeOf(text(item['id'])), ...sizeOf(flow, item, catalogue) }));
    const isFree = (y: number) =>
      own.every((a) =>
        others.every(
          (b) =>
            a.x >= b.x + b.width + step ||
            b.x >= a.x + a.width + step ||
            a.y + y >= b.y + b.height + step ||
            b.y >= a.y + y + a.height + step,
        ),
      );
    let y = 4 * step;
    while (!isFree(y)) y += 2 * step;
    return { x: 0, y };
  }

  next = addActivities(
    next,
    items.map((item) => {
      const id = text(item['id']);
      let fresh: JsonObject = { ...item, id: ids.get(id)! };
      if (Array.isArray(item['activities']))
        fresh = { ...fresh, activities: item['activities'].map((inner) => (isObject(inner) ? renameInner(inner, taken) : inner)) };
      const each = eachOf(item);
      if (each) fresh = { ...fresh, activity: renameInner(each, taken) };
      const shown = settingFor(typeOf(item, catalogue), 'screen')?.name;
      if (shown !== undefined && screenIds.has(text(item[shown]))) fresh = { ...fresh, [shown]: screenIds.get(text(item[shown]))! };
      // One that is pasted may be called as another was: the last of a row of names goes first.
      for (const { path, to } of [...moved].reverse()) fresh = renameReads(fresh, path, to, catalogue);
      const place = placeOf(id);
      return { activity: fresh, at: { x: place.x + shift.x, y: place.y + shift.y } };
    }),
  );
  for (const item of objects(copy['connections'])) {
    const connection: Connection = {
      source: ids.get(text(item['source'])) ?? '',
      port: text(item['port']),
      target: ids.get(text(item['target'])) ?? '',
    };
    if (connection.source && connection.target) next = connect(next, connection);
  }
  return { flow: next, ids: [...ids.values()] };
}

function renameInner(inner: JsonObject, taken: Set<string>): JsonObject {
  const id = uniqueId(text(inner['id']) || 'branch', taken);
  taken.add(id);
  return id === inner['id'] ? inner : { ...inner, id };
}

/** The activities once more, beside themselves. */
export function duplicate(flow: Flow, ids: Iterable<string>, catalogue: Catalogue): { flow: Flow; ids: string[] } {
  const copy = parseCopy(copyOf(flow, ids, catalogue));
  return copy ? paste(flow, copy, catalogue) : { flow, ids: [] };
}
