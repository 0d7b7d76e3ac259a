import { BaseEdge, EdgeLabelRenderer, getBezierPath, getSmoothStepPath, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { ConnectionEdgeType } from './views';

/** A connection: forwards a curve, backwards a line around the activities. Its port is shown when it is chosen or lies on a run's path. */
export const ConnectionEdge = memo(function ConnectionEdge(edge: EdgeProps<ConnectionEdgeType>) {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected, data } = edge;
  const ends = { sourceX, sourceY, targetX: targetX - 7, targetY, sourcePosition, targetPosition };
  const isForward = targetX > sourceX + 20;
  const [path, labelX, labelY] = isForward
    ? getBezierPath({ ...ends, curvature: 0.3 })
    : getSmoothStepPath({ ...ends, borderRadius: 14, offset: 26 });
  const state = selected ? 'selected' : data?.isJump ? 'jump' : data?.isLit ? 'lit' : data?.isFaded ? 'faded' : undefined;
  return (
    <>
      <BaseEdge path={path} interactionWidth={18} className="connection" {...(state && { 'data-state': state })} />
      <path
        className="connection-tip"
        data-state={state}
        d={`M${targetX - 13},${targetY - 5} L${targetX - 5},${targetY} L${targetX - 13},${targetY + 5} Z`}
      />
      {selected && (
        <EdgeLabelRenderer>
          <span className="connection-label" style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}>
            {data?.port}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
