import { BaseEdge, EdgeLabelRenderer, getSmoothStepPath, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { Position } from '../graph/flow';
import type { ConnectionEdgeType } from './views';

const rounding = 8;
const portRadius = 6;

/** A connection: along the way that was found for it; while an end of it is dragged, a plain line with corners. */
export const ConnectionEdge = memo(function ConnectionEdge(edge: EdgeProps<ConnectionEdgeType>) {
  const { targetX, targetY, selected, data } = edge;
  const points = fitting(edge);
  const [path, labelX, labelY] = points
    ? [pathOf(points), ...middleOf(points)]
    : getSmoothStepPath({ ...edge, targetX: targetX - 7, borderRadius: rounding, offset: 24 });
  const tip = points?.at(-1) ?? { x: targetX + 6, y: targetY };
  const state =
    selected || data?.isDrop
      ? 'selected'
      : data?.isJump
        ? 'jump'
        : data?.isLit
          ? 'lit'
          : data?.isNear
            ? 'near'
            : data?.isFaded
              ? 'faded'
              : undefined;
  const label = data?.label && points ? data.label : selected ? { x: labelX, y: labelY } : undefined;
  return (
    <>
      <BaseEdge path={path} interactionWidth={18} className="connection" {...(state && { 'data-state': state })} data-tone={data?.tone} />
      <path
        className="connection-tip"
        data-state={state}
        data-tone={data?.tone}
        d={`M${tip.x - 10},${tip.y - 6} L${tip.x},${tip.y} L${tip.x - 10},${tip.y + 6} Z`}
      />
      {label && (
        <EdgeLabelRenderer>
          <span
            className="connection-label"
            data-state={state}
            data-tone={data?.tone}
            style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
          >
            {data?.port}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** The way that was found, as long as both ends are still where it begins and ends. */
function fitting({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<ConnectionEdgeType>): readonly Position[] | undefined {
  const points = data?.points;
  const [begin, end] = [points?.[0], points?.at(-1)];
  if (!points || !begin || !end || points.length < 2) return undefined;
  const isNear = (a: number, b: number) => Math.abs(a - b) < 4;
  const isThere = isNear(begin.x + portRadius, sourceX) && isNear(begin.y, sourceY);
  return isThere && isNear(end.x - portRadius, targetX) && isNear(end.y, targetY + (data?.aside ?? 0)) ? points : undefined;
}

/** Lines with rounded corners. */
export function pathOf(points: readonly Position[]): string {
  let path = `M${points[0]!.x},${points[0]!.y}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [before, at, after] = [points[i - 1]!, points[i]!, points[i + 1]!];
    const by = Math.min(rounding, lengthOf(before, at) / 2, lengthOf(at, after) / 2);
    const [from, to] = [towards(at, before, by), towards(at, after, by)];
    path += ` L${from.x},${from.y} Q${at.x},${at.y} ${to.x},${to.y}`;
  }
  const end = points.at(-1)!;
  return `${path} L${end.x - 5},${end.y}`;
}

const lengthOf = (a: Position, b: Position): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

const towards = (at: Position, to: Position, by: number): Position => ({
  x: at.x + Math.sign(to.x - at.x) * by,
  y: at.y + Math.sign(to.y - at.y) * by,
});

/** The middle of the longest horizontal line. */
function middleOf(points: readonly Position[]): [number, number] {
  let best: [number, number, number] = [0, points[0]!.x, points[0]!.y];
  points.slice(1).forEach((to, i) => {
    const from = points[i]!;
    const length = from.y === to.y ? Math.abs(to.x - from.x) + 1 : 0;
    if (length > best[0]) best = [length, (from.x + to.x) / 2, from.y];
  });
  return [best[1], best[2]];
}
