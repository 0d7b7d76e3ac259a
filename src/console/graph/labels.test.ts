import { describe, expect, it } from 'vitest';
import { labelsOf } from './labels';
import type { Wire } from './routes';

const wire = (id: string): Wire => ({ id, source: 'a', target: 'b', fromY: 72, tone: 'outcome' });
const box = { x: 0, y: 0, width: 204, height: 96 };
const name = (one: Wire) => one.id;

describe('names of outcomes on lines', () => {
  it('stand on the level part of a long line, and not on a short one', () => {
    const long = [
      { x: 204, y: 72 },
      { x: 800, y: 72 },
    ];
    const short = long.map(({ x, y }) => ({ x: Math.min(x, 280), y }));
    expect(labelsOf(new Map([['a', box]]), [wire('Success')], new Map([['Success', long]]), name)).toEqual(
      new Map([['Success', { x: 502, y: 72 }]]),
    );
    expect(labelsOf(new Map(), [wire('Success')], new Map([['Success', short]]), name).size).toBe(0);
  });

  it('cover no activity, no other line and no other name', () => {
    const line = (y: number) => [
      { x: 0, y },
      { x: 600, y },
    ];
    const wires = [wire('One'), wire('Two')];
    expect(
      labelsOf(
        new Map(),
        wires,
        new Map([
          ['One', line(0)],
          ['Two', line(12)],
        ]),
        name,
      ).size,
    ).toBe(0);
    expect(
      labelsOf(
        new Map(),
        wires,
        new Map([
          ['One', line(0)],
          ['Two', line(48)],
        ]),
        name,
      ).size,
    ).toBe(2);
    const inTheWay = new Map([['a', { x: -100, y: -10, width: 900, height: 40 }]]);
    expect(labelsOf(inTheWay, [wire('One')], new Map([['One', line(0)]]), name).size).toBe(0);
  });
});
