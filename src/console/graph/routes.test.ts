import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import { catalogue, login } from '../test/login';
import type { Flow, Position } from './flow';
import { drawingOf, elkGraphOf, placesFrom, type Room } from './layout';
import { routesOf, type Box, type Wire } from './routes';
import { step } from './size';

const elk = new ELK();

async function drawn(flow: Flow, room?: Room) {
  const places = placesFrom(await elk.layout(elkGraphOf(flow, catalogue)), flow, catalogue, room);
  const { boxes, wires } = drawingOf(flow, catalogue, places);
  return { places, boxes, wires, routes: routesOf(boxes, wires) };
}

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed * 2654435761 + 1;
  for (;;) {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) | 0;
    yield ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  }
}

/** A flow as people build them: a way to an end, with calls that may fail, questions, ends, and ways back. */
export function someFlow(seed: number): Flow {
  const random = numbers(seed);
  const pick = (count: number) => Math.floor(random.next().value * count);
  const count = 3 + pick(24);
  const activities = Array.from({ length: count }, (_, i) => {
    const id = `a${i}`;
    switch (i === count - 1 ? 3 : pick(4)) {
      case 0:
        return { id, type: 'GenericHttp', errorHandling: { 'Generic HTTP Error': 'custom', 'Connector Execution': 'custom' } };
      case 1:
        return { id, type: 'Condition', branches: Array.from({ length: 1 + pick(4) }, (__, n) => ({ outcome: `Branch ${n}`, rules: [] })) };
      case 2:
        return { id, type: 'SetUser' };
      default:
        return i > 1 && (i === count - 1 || pick(3) === 0) ? { id, type: 'End' } : { id, type: 'Scriptlet' };
    }
  });
  const connections = activities.flatMap((item, i) => {
    const ports =
      item.type === 'GenericHttp'
        ? ['Success', 'Generic HTTP Error', 'Connector Execution']
        : item.type === 'Condition'
          ? [...item.branches!.map((branch) => branch.outcome), 'Else']
          : item.type === 'SetUser'
            ? ['Done']
            : item.type === 'Scriptlet'
              ? ['Success']
              : [];
    return ports.map((port, index) => ({
      source: item.id,
      port,
      // The first mostly goes on, the others go on further, or back.
      target: `a${index === 0 && pick(5) > 0 ? Math.min(i + 1, count - 1) : pick(3) === 0 ? pick(Math.max(1, i)) : Math.min(i + 1 + pick(5), count - 1)}`,
    }));
  });
  return { id: 'some', start: 'a0', activities, connections } as unknown as Flow;
}

const segmentsOf = (points: readonly Position[]) => points.slice(1).map((to, i) => ({ from: points[i]!, to }));

/** The wires that run through a box, edges included, their own ends left out. */
export function crossings(boxes: ReadonlyMap<string, Box>, routes: ReadonlyMap<string, readonly Position[]>): string[] {
  const found: string[] = [];
  for (const [id, points] of routes)
    for (const { from, to } of segmentsOf(points))
      for (const [other, box] of boxes) {
        const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
        const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
        if (right > box.x && left < box.x + box.width && bottom > box.y && top < box.y + box.height)
          found.push(`${id.replace('\n', '.')} through ${other}`);
      }
  return found;
}

/** Pairs of wires that run beside each other nearer than a step, but those that are one on the way to one activity. */
export function tooNear(wires: readonly Wire[], routes: ReadonlyMap<string, readonly Position[]>): string[] {
  const found = new Set<string>();
  const all = wires.flatMap((wire) => segmentsOf(routes.get(wire.id)!).map((segment) => ({ wire, ...segment })));
  all.forEach((a, i) => {
    for (const b of all.slice(i + 1)) {
      if (a.wire === b.wire) continue;
      const isVertical = a.from.x === a.to.x;
      if (isVertical !== (b.from.x === b.to.x)) continue;
      const [along, across] = isVertical ? (['y', 'x'] as const) : (['x', 'y'] as const);
      const apart = Math.abs(a.from[across] - b.from[across]);
      const overlap =
        Math.min(Math.max(a.from[along], a.to[along]), Math.max(b.from[along], b.to[along])) -
        Math.max(Math.min(a.from[along], a.to[along]), Math.min(b.from[along], b.to[along]));
      const isJoined = apart === 0 && a.wire.target === b.wire.target && a.wire.tone === b.wire.tone;
      if (apart < step && overlap > 0 && !isJoined)
        found.add(`${a.wire.id.replace('\n', '.')} → ${a.wire.target} | ${b.wire.id.replace('\n', '.')} → ${b.wire.target}`);
    }
  });
  return [...found];
}

describe('routes', () => {
  it('of 200 generated flows: none through an activity, none nearer to another than a step', async () => {
    let [through, near] = [0, 0];
    const t0 = performance.now();
    let routing = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const room = seed % 2 ? { width: 1184, height: 820 } : undefined;
      const flow = someFlow(seed);
      const places = placesFrom(await elk.layout(elkGraphOf(flow, catalogue)), flow, catalogue, room);
      const { boxes, wires } = drawingOf(flow, catalogue, places);
      const t = performance.now();
      const routes = routesOf(boxes, wires);
      routing += performance.now() - t;
      const [a, b] = [crossings(boxes, routes), tooNear(wires, routes)];
      through += a.length;
      near += b.length;
      if (a.length || b.length || performance.now() - t > 300)
        console.log(seed, wires.length, Math.round(performance.now() - t), a.slice(0, 3), b.slice(0, 3));
    }
    console.log({ through, near, all: performance.now() - t0, routing });
    expect(through).toBe(0);
    expect(near).toBe(0);
  }, 120_000);

  it('500', async () => {
    const count = 500;
    const base = someFlow(7);
    void base;
    const activities: unknown[] = [];
    const connections: unknown[] = [];
    for (let k = 0; activities.length < count; k++) {
      const part = someFlow(1000 + k) as unknown as {
        activities: { id: string; type: string }[];
        connections: { source: string; port: string; target: string }[];
      };
      const name = (id: string) => `p${k}${id}`;
      activities.push(
        ...part.activities.map((item) => ({ ...item, id: name(item.id), type: item.type === 'End' ? 'Scriptlet' : item.type })),
      );
      connections.push(...part.connections.map((c) => ({ ...c, source: name(c.source), target: name(c.target) })));
      const last = part.activities.at(-1)!;
      connections.push({ source: name(last.id), port: 'Success', target: `p${k + 1}a0` });
    }
    const flow = { id: 'big', start: 'p0a0', activities, connections } as unknown as Flow;
    const t0 = performance.now();
    const laid = await elk.layout(elkGraphOf(flow, catalogue));
    const t1 = performance.now();
    const places = placesFrom(laid, flow, catalogue, { width: 1184, height: 820 });
    const { boxes, wires } = drawingOf(flow, catalogue, places);
    const t2 = performance.now();
    const routes = routesOf(boxes, wires);
    const t3 = performance.now();
    console.log({
      n: activities.length,
      wires: wires.length,
      elk: t1 - t0,
      places: t2 - t1,
      routes: t3 - t2,
      x: crossings(boxes, routes).length,
      near: tooNear(wires, routes).length,
    });
  }, 120_000);

  it('login', async () => {
    const { places, routes } = await drawn({ ...login, designer: {} }, { width: 1184, height: 820 });
    console.log(Object.fromEntries(places), Object.fromEntries(routes));
  });
});
