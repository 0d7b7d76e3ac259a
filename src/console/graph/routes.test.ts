import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import { catalogue, login } from '../test/login';
import { activityIds, type Flow, type Position } from './flow';
import { drawingOf, elkGraphOf, givenPlaces, placesFrom, type Room } from './layout';
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
function someFlow(seed: number, size?: number): Flow {
  const random = numbers(seed);
  const pick = (count: number) => Math.floor(random.next().value * count);
  const count = size ?? 3 + pick(16);
  const activities = Array.from({ length: count }, (_, i) => {
    const id = `a${i}`;
    switch (i === count - 1 ? 3 : pick(size ? 8 : 4)) {
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
  const elsewhere = (i: number) => (pick(3) === 0 ? Math.max(0, i - pick(10)) : Math.min(i + 1 + pick(5), count - 1));
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
      target: `a${index === 0 && pick(5) > 0 ? Math.min(i + 1, count - 1) : elsewhere(i)}`,
    }));
  });
  return { id: 'some', start: 'a0', activities, connections } as unknown as Flow;
}

const segmentsOf = (points: readonly Position[]) => points.slice(1).map((to, i) => ({ from: points[i]!, to }));

/** The wires that run through a box, edges included, their own ends left out. */
function crossings(boxes: ReadonlyMap<string, Box>, routes: ReadonlyMap<string, readonly Position[]>): string[] {
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
function tooNear(wires: readonly Wire[], routes: ReadonlyMap<string, readonly Position[]>): string[] {
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
    const found: string[] = [];
    for (let seed = 1; seed <= 200; seed++) {
      const room = seed % 2 ? { width: 1184, height: 820 } : undefined;
      const { boxes, wires, routes } = await drawn(someFlow(seed), room);
      found.push(...[...crossings(boxes, routes), ...tooNear(wires, routes)].map((what) => `flow ${seed}: ${what}`));
    }
    expect(found).toEqual([]);
  }, 180_000);

  it('around activities that people placed anywhere: none through another', async () => {
    const found: string[] = [];
    for (let seed = 1; seed <= 60; seed++) {
      const flow = someFlow(seed);
      const random = numbers(seed + 1000);
      // One in each field of a board, so that there is a way between them.
      const places = new Map(
        activityIds(flow).map((id, i) => {
          const field = (i * 7 + seed) % 25;
          return [
            id,
            {
              x: (field % 5) * 330 + Math.round(random.next().value * 60),
              y: Math.floor(field / 5) * 280 + Math.round(random.next().value * 60) + (i > 24 ? 1400 : 0),
            },
          ] as const;
        }),
      );
      const { boxes, wires } = drawingOf(flow, catalogue, places);
      found.push(...crossings(boxes, routesOf(boxes, wires)).map((what) => `flow ${seed}: ${what}`));
    }
    expect(found).toEqual([]);
  }, 60_000);

  it('of the sample: the usual way is straight, ways back run around', async () => {
    const { boxes, routes } = await drawn({ ...login, designer: {} });
    for (const id of ['signIn\nsubmit', 'lookup\nSuccess', 'profile\nSuccess', 'user\nDone', 'claims\nDone'])
      expect(routes.get(id), id).toHaveLength(2);
    expect(routes.get('byStatus\nRate limited')!.at(-1)!.x).toBe(boxes.get('signIn')!.x);
    expect(crossings(boxes, routes)).toEqual([]);
  });

  it('of the sample as its file places it: none through an activity, though it stands in their way', () => {
    const { boxes, wires } = drawingOf(login, catalogue, givenPlaces(login));
    const routes = routesOf(boxes, wires);
    expect(routes.size).toBe(wires.length);
    expect(crossings(boxes, routes)).toEqual([]);
    expect(tooNear(wires, routes)).toEqual([]);
  });

  it('of 500 activities: none through an activity', async () => {
    const { boxes, wires, routes } = await drawn(someFlow(5, 500), { width: 1184, height: 820 });
    expect(boxes.size).toBe(500);
    expect(routes.size).toBe(wires.length);
    expect(crossings(boxes, routes)).toEqual([]);
  }, 120_000);
});
