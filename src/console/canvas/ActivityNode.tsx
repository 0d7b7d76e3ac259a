import { Handle, Position } from '@xyflow/react';
import { Check, CircleAlert, Hourglass, Plus, TriangleAlert, X } from 'lucide-react';
import { createContext, memo, useContext } from 'react';
import { ToneIcon } from './kinds';
import type { ActivityView } from './views';

/** Asks for an activity to be added at an outcome; undefined where nothing can be. */
export const AddContext = createContext<((id: string, port: string) => void) | undefined>(undefined);

/** An activity on the canvas: what it is, what it does, and its outcomes as ports. Drawn again only when it shows something else. */
export const ActivityNode = memo(function ActivityNode({ data, selected }: { data: ActivityView; selected?: boolean }) {
  const problems = data.errors + data.warnings;
  const onAdd = useContext(AddContext);
  return (
    <div
      className="activity"
      data-colour={data.tone}
      data-selected={selected || undefined}
      data-mark={data.mark}
      data-origin={data.isOrigin}
      data-problem={data.errors ? 'error' : data.warnings ? 'warning' : undefined}
    >
      {data.steps && <span className="activity-steps">{data.steps}</span>}
      {data.isStart && <span className="activity-start">Start</span>}
      <Handle type="target" id="in" position={Position.Left} isConnectable={data.canConnect} className="port-in" />
      <div className="activity-head">
        <ToneIcon icon={data.icon} tone={data.tone} size={17} />
        <div className="activity-words">
          <div className="activity-title">{data.title}</div>
          <div className="activity-summary">{data.summary || data.type}</div>
        </div>
        {data.mark && (
          <span className="activity-mark" data-mark={data.mark}>
            {data.mark === 'error' ? <X size={12} /> : data.mark === 'waiting' ? <Hourglass size={11} /> : <Check size={12} />}
          </span>
        )}
        {problems > 0 && (
          <span className="activity-problems" data-severity={data.errors ? 'error' : 'warning'}>
            {data.errors ? <CircleAlert size={12} /> : <TriangleAlert size={12} />}
            {problems}
          </span>
        )}
      </div>
      {data.steps && <Handle type="source" id="jump" position={Position.Right} isConnectable={false} className="port-jump" />}
      {data.ports.map((port) => (
        <div className="port" data-kind={port.kind} key={port.name}>
          <span className="port-name">{port.name}</span>
          <Handle
            type="source"
            id={port.name}
            position={Position.Right}
            isConnectable={data.canConnect}
            className="port-out"
            title={port.kind === 'missing' ? 'There is no such outcome any more' : `Drag to connect ${port.name}`}
          />
          {data.free.has(port.name) && onAdd && (
            <button
              type="button"
              className="port-add nodrag nopan"
              tabIndex={-1}
              aria-label={`Add an activity at ${port.name} of ${data.title}`}
              onClick={(event) => {
                event.stopPropagation();
                onAdd(data.id, port.name);
              }}
            >
              <Plus size={13} />
            </button>
          )}
        </div>
      ))}
    </div>
  );
});
