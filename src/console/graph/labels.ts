import type { Position } from './flow';
import type { Box, Routes, Wire } from './routes';

// Names of outcomes on their lines, where there is room: beside an outcome its name is read at the activity, further away on the line.

const height = 20;
/** What a letter takes at the size that names have when a flow is shown small. */
const letter = 8.5;
const padding = 14;
/** A line that is shorter is read at its beginning. */
const short = 340;

interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The middle of each name that has room: on a level part of its line, the nearest to its end, where no activity, line or other name is. */
export function labelsOf(
  boxes: ReadonlyMap<string, Box>,
  wires: readonly Wire[],
  routes: Routes,
  nameOf: (wire: Wire) => string,
): Map<string, Position> {
  const found = new Map<string, Position>();
  const taken: Area[] = [...boxes.values()].map((box) => ({
    left: box.x,
    top: box.y,
    right: box.x + box.width,
    bottom: box.y + box.height,
  }));
  const lines = wires.flatMap((wire) =>
    partsOf(routes.get(wire.id) ?? []).map(([a, b]) => ({
      wire,
      left: Math.min(a.x, b.x) - 4,
      right: Math.max(a.x, b.x) + 4,
      top: Math.min(a.y, b.y) - 4,
      bottom: Math.max(a.y, b.y) + 4,
    })),
  );
  for (const wire of wires) {
    const parts = partsOf(routes.get(wire.id) ?? []);
    const length = parts.reduce((sum, [a, b]) => sum + Math.abs(a.x - b.x) + Math.abs(a.y - b.y), 0);
    if (length < short) continue;
    const wide = nameOf(wire).length * letter + padding;
    const spot = [...parts]
      .reverse()
      .filter(([a, b]) => a.y === b.y && Math.abs(a.x - b.x) >= wide + 24)
      .flatMap(([a, b]) => [0.5, 0.3, 0.7].map((part) => ({ x: a.x + (b.x - a.x) * part, y: a.y })))
      .find(({ x, y }) => {
        const area = { left: x - wide / 2, right: x + wide / 2, top: y - height / 2, bottom: y + height / 2 };
        return !taken.some((other) => touches(area, other)) && !lines.some((line) => line.wire !== wire && touches(area, line));
      });
    if (!spot) continue;
    found.set(wire.id, spot);
    taken.push({ left: spot.x - wide / 2, right: spot.x + wide / 2, top: spot.y - height / 2, bottom: spot.y + height / 2 });
  }
  return found;
}

const partsOf = (points: readonly Position[]): [Position, Position][] => points.slice(1).map((to, i) => [points[i]!, to]);

const touches = (a: Area, b: Area): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
