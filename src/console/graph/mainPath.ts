import type { JsonObject } from '../api/types';
import { typeOf } from './described';
import { activities, activityIds, connectionsFrom, startOf, type Activity, type Connection, type Flow } from './flow';
import { text } from './json';
import { portsOf, type Catalogue } from './ports';

/** The connections of each activity without those that lead back to one on the way to it, in the order of its outcomes. */
export function forwardConnections(flow: Flow, catalogue: Catalogue): Map<string, Connection[]> {
  const start = startOf(flow);
  const ids = activityIds(flow);
  const out = new Map(activities(flow).map((item) => [text(item['id']), inOrder(flow, item, catalogue)]));
  const forward = new Map(ids.map((id) => [id, [] as Connection[]]));
  const state = new Map<string, 'open' | 'done'>();
  for (const root of [...ids.filter((id) => id === start), ...ids.filter((id) => id !== start)]) {
    if (state.has(root)) continue;
    state.set(root, 'open');
    const stack = [{ id: root, next: 0 }];
    while (stack.length) {
      const top = stack.at(-1)!;
      const connection = out.get(top.id)![top.next++];
      if (connection === undefined) {
        state.set(top.id, 'done');
        stack.pop();
      } else if (out.has(connection.target) && state.get(connection.target) !== 'open') {
        forward.get(top.id)!.push(connection);
        if (!state.has(connection.target)) {
          state.set(connection.target, 'open');
          stack.push({ id: connection.target, next: 0 });
        }
      }
    }
  }
  return forward;
}

function inOrder(flow: Flow, item: Activity, catalogue: Catalogue): Connection[] {
  const order = new Map(portsOf(flow, item, catalogue).map((port, index) => [port.name, index]));
  return [...connectionsFrom(flow, text(item['id']))].sort((a, b) => (order.get(a.port) ?? 0) - (order.get(b.port) ?? 0));
}

/** The way that most people take: from the start to a good end, by first outcomes rather than by later ones, and by errors last of all. */
export function mainPathOf(flow: Flow, catalogue: Catalogue, forward = forwardConnections(flow, catalogue)): Connection[] {
  const items = new Map(activities(flow).map((item) => [text(item['id']), item]));
  const start = startOf(flow);
  if (!items.has(start)) return [];
  // Nothing leads back, so each activity is settled once all that lead to it are.
  const best = new Map<string, { price: number; length: number; by?: Connection }>([[start, { price: 0, length: 0 }]]);
  for (const id of settled(forward, start)) {
    const so = best.get(id);
    const item = items.get(id);
    if (!so || !item) continue;
    const ports = portsOf(flow, item, catalogue);
    for (const by of forward.get(id) ?? []) {
      const index = ports.findIndex((port) => port.name === by.port);
      const isError = index < 0 || ports[index]!.kind === 'error' || ports[index]!.kind === 'missing';
      const way = { price: so.price + (isError ? 1000 : index), length: so.length + 1, by };
      const old = best.get(by.target);
      if (!old || way.price < old.price || (way.price === old.price && way.length > old.length)) best.set(by.target, way);
    }
  }
  const rank = (id: string): [number, number, number] => {
    const { price, length } = best.get(id)!;
    return [isGoodEnd(items.get(id)!, catalogue) ? 0 : 1, price, -length];
  };
  const [end] = [...best.keys()].sort((a, b) => compare(rank(a), rank(b)));
  const path: Connection[] = [];
  for (let at = best.get(end!); at?.by; at = best.get(at.by.source)) path.unshift(at.by);
  return path;
}

const compare = (a: readonly number[], b: readonly number[]): number => {
  const i = a.findIndex((value, index) => value !== b[index]);
  return i < 0 ? 0 : a[i]! - b[i]!;
};

/** Whether a run ends there as the type means it unless it is told otherwise. */
const isGoodEnd = (item: JsonObject, catalogue: Catalogue): boolean => {
  const type = typeOf(item, catalogue);
  return (
    type !== undefined &&
    type.ends &&
    type.settings.every(({ name, choices, default: usual }) => !choices || item[name] === undefined || item[name] === usual)
  );
};

/** What can be reached, each after all that lead to it. */
function settled(forward: ReadonlyMap<string, readonly Connection[]>, start: string): string[] {
  const order: string[] = [];
  const seen = new Set([start]);
  const stack = [{ id: start, next: 0 }];
  while (stack.length) {
    const top = stack.at(-1)!;
    const connection = forward.get(top.id)?.[top.next++];
    if (!connection) {
      order.push(top.id);
      stack.pop();
    } else if (!seen.has(connection.target)) {
      seen.add(connection.target);
      stack.push({ id: connection.target, next: 0 });
    }
  }
  return order.reverse();
}
