import { Handle, Position } from '@xyflow/react';
import { Check, CircleAlert, Hourglass, Plus, TriangleAlert, X } from 'lucide-react';
import { createContext, memo, useContext } from 'react';
import { Link } from 'react-router';
import { counted } from '../text/counted';
import { ToneIcon } from './kinds';
import type { ActivityView } from './views';

/** Asks for an activity to be added at an outcome; undefined where nothing can be. */
export const AddContext = createContext<((id: string, port: string) => void) | undefined>(undefined);

/** How often the outcomes of an activity were taken, and the runs that a number leads to. */
export interface ActivityNumbers {
  taken: ReadonlyMap<string, number>;
  /** How often it failed without an outcome. */
  stopped: number;
  /** Where the runs are listed: those with an error of it, or all of that time. */
  failures: string;
  runs: string;
}

/** The numbers on the canvas, by activity; undefined while nobody asks for them. */
export const NumbersContext = createContext<ReadonlyMap<string, ActivityNumbers> | undefined>(undefined);

const short = (value: number): string => (value < 10_000 ? value.toLocaleString('en-US') : `${Math.round(value / 1000)}k`);

/** A number at an outcome; it leads to the runs. */
const TakenCount = ({ value, to, isFailure, label }: { value: number; to: string; isFailure: boolean; label: string }) => (
  <Link
    className="port-count nodrag nopan"
    data-tone={isFailure ? 'error' : undefined}
    to={to}
    tabIndex={-1}
    title={label}
    aria-label={label}
    onClick={(event) => event.stopPropagation()}
  >
    {short(value)}
  </Link>
);

/** An activity on the canvas: what it is, what it does, and its outcomes as ports. Drawn again only when it shows something else. */
export const ActivityNode = memo(function ActivityNode({ data, selected }: { data: ActivityView; selected?: boolean }) {
  const problems = data.errors + data.warnings;
  const onAdd = useContext(AddContext);
  const numbers = useContext(NumbersContext)?.get(data.id);
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
        {numbers !== undefined && numbers.stopped > 0 && (
          <TakenCount
            value={numbers.stopped}
            to={numbers.failures}
            isFailure
            label={`${counted(numbers.stopped, 'time')} ${data.title} failed without an outcome`}
          />
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
          {numbers?.taken.has(port.name) && (
            <TakenCount
              value={numbers.taken.get(port.name)!}
              to={port.kind === 'error' ? numbers.failures : numbers.runs}
              isFailure={port.kind === 'error'}
              label={`${counted(numbers.taken.get(port.name)!, 'time')} ${port.name} of ${data.title}`}
            />
          )}
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
