import '@xyflow/react/dist/style.css';
import { Background, Controls, MarkerType, ReactFlow, ReactFlowProvider, type Edge } from '@xyflow/react';
import { useMemo } from 'react';
import type { JsonObject } from '../api/types';
import { isDark, useTheme } from '../ui/theme';
import { layoutOf } from './layout';
import { RunNode, type RunFlowNode } from './RunNode';
import { linkKey, linksOf, objects, text, type Entry, type Walk } from './walk';

interface Props {
  definition: JsonObject;
  walk: Walk;
  chosen: Entry | undefined;
  onChoose: (number: string) => void;
}

const nodeTypes = { run: RunNode };

/** The flow that a run ran, with its way over it. An activity opens its latest step. */
export function RunCanvas({ definition, walk, chosen, onChoose }: Props) {
  useTheme();
  const places = useMemo(() => layoutOf(definition), [definition]);

  const nodes = useMemo<RunFlowNode[]>(() => objects(definition['activities']).map((activity) => {
    const id = text(activity['id']);
    const visits = walk.visits.get(id) ?? [];
    const failed = walk.failed.has(id);
    const isCurrent = walk.current === id;
    const state = failed ? 'failed' : isCurrent ? 'current' : visits.length ? 'visited' : 'skipped';
    return {
      id, type: 'run', position: places.get(id) ?? { x: 0, y: 0 }, selected: chosen?.activity === id,
      ariaLabel: `${text(activity['name']) || id}, ${text(activity['type'])}, ${visits.length ? `step ${visits.join(', ')}` : 'not reached'}${failed ? ', with an error' : ''}${isCurrent ? ', the run is here' : ''}`,
      data: { title: text(activity['name']) || id, type: text(activity['type']), visits, state },
      focusable: visits.length > 0, selectable: visits.length > 0,
    };
  }), [definition, places, walk, chosen?.activity]);

  const edges = useMemo<Edge[]>(() => [
    ...linksOf(definition).map((link): Edge => {
      const isTaken = walk.taken.has(linkKey(link));
      return {
        id: linkKey(link), source: link.source, target: link.target, label: link.port, type: 'smoothstep', className: isTaken ? 'run-edge is-taken' : 'run-edge', zIndex: isTaken ? 1 : 0,
        markerEnd: { type: MarkerType.ArrowClosed, color: isTaken ? 'var(--accent)' : 'var(--border-soft)' },
      };
    }),
    ...walk.jumps.map(({ source, target }): Edge => ({
      id: `jump ${source} ${target}`, source, target, type: 'default', className: 'run-edge is-jump', zIndex: 1, markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--danger)' },
    })),
  ], [definition, walk]);

  return (
    <section className="card run-canvas" aria-label="The run’s path over the flow">
      <ReactFlowProvider>
        <ReactFlow<RunFlowNode>
          nodes={nodes} edges={edges} nodeTypes={nodeTypes} colorMode={isDark() ? 'dark' : 'light'}
          fitView fitViewOptions={{ padding: 0.12, maxZoom: 1 }} minZoom={0.15} maxZoom={1.75}
          nodesDraggable={false} nodesConnectable={false} edgesFocusable={false} elementsSelectable deleteKeyCode={null} preventScrolling={false} zoomOnScroll={false} panOnScroll={false}
          onNodeClick={(_, node) => node.data.visits.length > 0 && onChoose(node.data.visits.at(-1)!)}
          onSelectionChange={({ nodes: selected }) => {
            // Enter on an activity selects it.
            const node = selected.find((one) => one.id !== chosen?.activity);
            if (node?.data.visits.length) onChoose(node.data.visits.at(-1)!);
          }}
        >
          <Background gap={18} size={1} />
          <Controls showInteractive={false} />
        </ReactFlow>
      </ReactFlowProvider>
    </section>
  );
}
