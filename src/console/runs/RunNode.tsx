import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { ActivityIcon } from './kinds';

export type RunFlowNode = Node<{ title: string; type: string; visits: string[]; state: 'visited' | 'failed' | 'current' | 'skipped' }, 'run'>;

/** An activity on the canvas of a run: the numbers of its steps, and how it went. */
export const RunNode = memo(({ data, selected }: NodeProps<RunFlowNode>) => (
  <div className="run-node" data-state={data.state} data-chosen={selected || undefined}>
    <Handle type="target" position={Position.Left} isConnectable={false} />
    <ActivityIcon type={data.type} />
    <span className="run-node-text">
      <span className="run-node-title">{data.title}</span>
      <span className="run-node-type">{data.type}</span>
    </span>
    {data.visits.length > 0 && <span className="run-node-visits">{data.visits.length > 3 ? `${data.visits[0]} … ${data.visits.at(-1)}` : data.visits.join(' · ')}</span>}
    <Handle type="source" position={Position.Right} isConnectable={false} />
  </div>
));
