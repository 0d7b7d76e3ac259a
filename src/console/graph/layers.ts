import { activities, connectionsFrom, startOf, type Flow, type Position } from './flow';
import { text } from './json';
import { portsOf, type Catalogue } from './ports';
import { heightFor, nodeWidth } from './size';

const gap = { x: 96, y: 36 };

/**
 * Places for very large flows, in a time that grows with their size: columns by the longest way from the start (connections that lead back
 * do not count), in each column the order of the activities that lead
 * there. dagre crosses fewer lines, but takes seconds for 500 activities.
 */
export function layersOf(flow: Flow, catalogue: Catalogue): Map<string, Position> {
  const items = activities(flow);
  const ids = items.map((item) => text(item['id']));
  const ordered = [...ids.filter((id) => id === startOf(flow)), ...ids.filter((id) => id !== startOf(flow))];
  const forward = forwardConnections(flow, ordered);

  const column = new Map<string, number>();
  const waiting = new Map(ordered.map((id) => [id, 0]));
  for (const targets of forward.values()) for (const target of targets) waiting.set(target, waiting.get(target)! + 1);
  const pending = ordered.filter((id) => waiting.get(id) === 0);
  const columns: string[][] = [];
  for (let i = 0; i < pending.length; i++) {
    const id = pending[i]!;
    const at = column.get(id) ?? 0;
    (columns[at] ??= []).push(id);
    for (const target of forward.get(id)!) {
      column.set(target, Math.max(column.get(target) ?? 0, at + 1));
      waiting.set(target, waiting.get(target)! - 1);
      if (waiting.get(target) === 0) pending.push(target);
    }
  }

  const height = new Map(items.map((item) => [text(item['id']), heightFor(portsOf(flow, item, catalogue).length)]));
  const places = new Map<string, Position>();
  const wish = new Map<string, { sum: number; count: number }>();
  columns.forEach((members, number) => {
    const wanted = (id: string) => (wish.has(id) ? wish.get(id)!.sum / wish.get(id)!.count : 0);
    const sorted = members.map((id, index) => ({ id, index })).sort((a, b) => wanted(a.id) - wanted(b.id) || a.index - b.index);
    let free = -Infinity;
    for (const { id } of sorted) {
      const y = Math.max(Math.round(wanted(id)), free);
      places.set(id, { x: number * (nodeWidth + gap.x), y });
      free = y + height.get(id)! + gap.y;
      forward.get(id)!.forEach((target, index) => {
        const old = wish.get(target) ?? { sum: 0, count: 0 };
        wish.set(target, { sum: old.sum + y + index * 60, count: old.count + 1 });
      });
    }
  });
  return places;
}

/** The targets of each activity without the connections that lead back to one on the way to it. */
function forwardConnections(flow: Flow, ids: readonly string[]): Map<string, string[]> {
  const known = new Set(ids);
  const forward = new Map(ids.map((id) => [id, [] as string[]]));
  const state = new Map<string, 'open' | 'done'>();
  for (const root of ids) {
    if (state.has(root)) continue;
    state.set(root, 'open');
    const stack = [{ id: root, next: 0 }];
    while (stack.length) {
      const top = stack.at(-1)!;
      const target = connectionsFrom(flow, top.id)[top.next++]?.target;
      if (target === undefined) {
        state.set(top.id, 'done');
        stack.pop();
      } else if (known.has(target) && state.get(target) !== 'open') {
        forward.get(top.id)!.push(target);
        if (!state.has(target)) {
          state.set(target, 'open');
          stack.push({ id: target, next: 0 });
        }
      }
    }
  }
  return forward;
}
