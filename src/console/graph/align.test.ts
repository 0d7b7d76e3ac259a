import { describe, expect, it } from 'vitest';
import { aligned } from './align';

const places = new Map([
  ['a', { x: 0, y: 50 }],
  ['b', { x: 300, y: 0 }],
  ['c', { x: 100, y: 200 }],
]);
const heights = new Map([...places.keys()].map((id) => [id, 96]));
const at = (how: Parameters<typeof aligned>[3]) => Object.fromEntries(aligned(places, heights, ['a', 'b', 'c', 'gone'], how));

describe('aligned activities', () => {
  it('share their left or their top', () => {
    expect(Object.values(at('left')).map(({ x }) => x)).toEqual([0, 0, 0]);
    expect(Object.values(at('top')).map(({ y }) => y)).toEqual([0, 0, 0]);
  });

  it('stand in a row or a column in the order they stood in, at equal distances', () => {
    const row = at('row');
    expect([row['a']!.x, row['c']!.x, row['b']!.x]).toEqual([0, 276, 552]);
    const column = at('column');
    expect([column['b']!.y, column['a']!.y, column['c']!.y]).toEqual([0, 144, 288]);
  });
});
