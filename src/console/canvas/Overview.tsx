import { Panel, useReactFlow, useStore, type ReactFlowState } from '@xyflow/react';
import { memo, useMemo, useRef, type PointerEvent } from 'react';
import type { Position } from '../graph/flow';
import { heightFor, nodeWidth } from '../graph/size';
import type { ActivityView } from './views';

const size = { width: 156, height: 104 };
const margin = 60;
const seen = (state: ReactFlowState) => state.transform.join(' ') + ` ${state.width} ${state.height}`;

/**
 * The whole flow, small; a click shows that part of it. It is drawn when an activity has been let go, not while it is dragged: React Flow's
 * own map follows every activity in every frame, which large flows feel.
 */
export const Overview = memo(function Overview({
  views,
  places,
}: {
  views: ReadonlyMap<string, ActivityView>;
  places: ReadonlyMap<string, Position>;
}) {
  const instance = useReactFlow();
  const svg = useRef<SVGSVGElement>(null);
  const [x, y, zoom, width, height] = useStore(seen).split(' ').map(Number) as [number, number, number, number, number];
  const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };

  const { rects, box } = useMemo(() => {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    const rects = [...views.values()].map((activity) => {
      const at = places.get(activity.id) ?? { x: 0, y: 0 };
      const tall = heightFor(activity.ports.length);
      [left, top, right, bottom] = [
        Math.min(left, at.x),
        Math.min(top, at.y),
        Math.max(right, at.x + nodeWidth),
        Math.max(bottom, at.y + tall),
      ];
      const colour = activity.mark === 'error' || activity.errors ? 'var(--danger)' : `var(--kind-${activity.tone})`;
      return <rect key={activity.id} x={at.x} y={at.y} width={nodeWidth} height={tall} rx={24} fill={colour} />;
    });
    return { rects, box: rects.length ? { left, top, right, bottom } : { left: 0, top: 0, right: 1, bottom: 1 } };
  }, [views, places]);

  const left = Math.min(box.left, view.x) - margin;
  const top = Math.min(box.top, view.y) - margin;
  const wide = Math.max(box.right, view.x + view.width) + margin - left;
  const tall = Math.max(box.bottom, view.y + view.height) + margin - top;

  // Where everything is in sight already, a map only covers it.
  if (box.left >= view.x && box.top >= view.y && box.right <= view.x + view.width && box.bottom <= view.y + view.height) return null;

  const show = (event: PointerEvent) => {
    const matrix = svg.current?.getScreenCTM();
    if (!matrix || (event.type === 'pointermove' && event.buttons === 0)) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    void instance.setCenter(at.x, at.y, { zoom });
  };

  return (
    <Panel position="bottom-right" className="canvas-map">
      <svg
        ref={svg}
        {...size}
        viewBox={`${left} ${top} ${wide} ${tall}`}
        role="img"
        aria-label="Map of the flow"
        onPointerDown={show}
        onPointerMove={show}
      >
        {rects}
        <path
          className="canvas-map-mask"
          fillRule="evenodd"
          d={`M${left} ${top}h${wide}v${tall}h${-wide}zM${view.x} ${view.y}h${view.width}v${view.height}h${-view.width}z`}
        />
      </svg>
    </Panel>
  );
});
