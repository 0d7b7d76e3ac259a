import { Graph, layout } from '@dagrejs/dagre';
import type { JsonObject } from '../api/types';
import { linksOf, objects, text } from './walk';

export const nodeSize = { width: 176, height: 54 };

/** Places for the activities of a run's flow, from left to right along the connections. The same flow gives the same places. */
export function layoutOf(definition: JsonObject): Map<string, { x: number; y: number }> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 30, ranksep: 84 });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = objects(definition['activities']).map((activity) => text(activity['id']));
  const start = text(definition['start']);
  // The start first, so that loops are cut where they lead back to it.
  for (const id of [...ids.filter((one) => one === start), ...ids.filter((one) => one !== start)]) graph.setNode(id, { ...nodeSize });
  for (const { source, port, target } of linksOf(definition)) if (source !== target && graph.hasNode(source) && graph.hasNode(target)) graph.setEdge(source, target, {}, port);
  layout(graph);
  return new Map(ids.map((id) => {
    const { x, y } = graph.node(id) as { x: number; y: number };
    return [id, { x: Math.round(x - nodeSize.width / 2), y: Math.round(y - nodeSize.height / 2) }];
  }));
}
