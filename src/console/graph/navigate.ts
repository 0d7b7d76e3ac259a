import { connectionsFrom, connectionsTo, type Flow, type Position } from './flow';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The activity that an arrow key leads to: along a connection where there is one, else the nearest in that direction. */
export function neighbour(flow: Flow, id: string, direction: Direction, places: ReadonlyMap<string, Position>): string | undefined {
  if (direction === 'right' || direction === 'left') {
    const joined = direction === 'right' ? connectionsFrom(flow, id).map((c) => c.target) : connectionsTo(flow, id).map((c) => c.source);
    const along = nearest(
      joined.filter((other) => other !== id),
      id,
      direction,
      places,
    );
    if (along) return along;
  }
  return nearest(
    [...places.keys()].filter((other) => other !== id),
    id,
    direction,
    places,
  );
}

function nearest(
  candidates: readonly string[],
  id: string,
  direction: Direction,
  places: ReadonlyMap<string, Position>,
): string | undefined {
  const from = places.get(id);
  if (!from) return candidates[0];
  let best: { id: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const at = places.get(candidate);
    if (!at) continue;
    const [dx, dy] = [at.x - from.x, at.y - from.y];
    const ahead = direction === 'right' ? dx : direction === 'left' ? -dx : direction === 'down' ? dy : -dy;
    const aside = Math.abs(direction === 'left' || direction === 'right' ? dy : dx);
    if (ahead <= 0) continue;
    const distance = ahead + aside * 2;
    if (!best || distance < best.distance) best = { id: candidate, distance };
  }
  return best?.id;
}

/**
 * The activities in the order in which a person reads them: from the start
 * along the connections, then what is not reached, from left to right.
 */
export function readingOrder(flow: Flow, start: string, places: ReadonlyMap<string, Position>): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (from: string) => {
    const pending = [from];
    while (pending.length) {
      const id = pending.shift()!;
      if (seen.has(id) || !places.has(id)) continue;
      seen.add(id);
      order.push(id);
      pending.push(...connectionsFrom(flow, id).map((c) => c.target));
    }
  };
  visit(start);
  const rest = [...places].filter(([id]) => !seen.has(id)).sort(([, a], [, b]) => a.x - b.x || a.y - b.y);
  for (const [id] of rest) visit(id);
  return order;
}
