import type { Position } from './flow';
import { nodeWidth, step } from './size';

export type Alignment = 'left' | 'top' | 'row' | 'column';

const gap = { row: 6 * step, column: 4 * step };

/** Where activities stand once they are in line: at the left or the top, or beside or below each other at equal distances. */
export function aligned(
  places: ReadonlyMap<string, Position>,
  heights: ReadonlyMap<string, number>,
  ids: Iterable<string>,
  how: Alignment,
): Map<string, Position> {
  const chosen = [...ids].flatMap((id) => (places.has(id) ? [{ id, ...places.get(id)! }] : []));
  const [left, top] = [Math.min(...chosen.map(({ x }) => x)), Math.min(...chosen.map(({ y }) => y))];
  switch (how) {
    case 'left':
      return new Map(chosen.map(({ id, y }) => [id, { x: left, y }]));
    case 'top':
      return new Map(chosen.map(({ id, x }) => [id, { x, y: top }]));
    case 'row':
      return new Map(
        [...chosen]
          .sort((a, b) => a.x - b.x || a.y - b.y)
          .map(({ id }, index) => [id, { x: left + index * (nodeWidth + gap.row), y: top }]),
      );
    case 'column': {
      let y = top;
      return new Map(
        [...chosen]
          .sort((a, b) => a.y - b.y || a.x - b.x)
          .map(({ id }) => {
            const at = { x: left, y };
            y += (heights.get(id) ?? 0) + gap.column;
            return [id, at];
          }),
      );
    }
  }
}
