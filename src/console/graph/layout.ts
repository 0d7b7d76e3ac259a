import { Graph, layout } from '@dagrejs/dagre';
import { activities, activity, connections, positionOf, startOf, type Flow, type Position } from './flow';
import { text } from './json';
import { layersOf } from './layers';
import { portsOf, type Catalogue } from './ports';
import { heightFor, nodeWidth } from './size';

/** Places for all activities, from left to right along the connections. The same flow gives the same places. */
export function layoutOf(flow: Flow, catalogue: Catalogue): Map<string, Position> {
  if (activities(flow).length > 120) return layersOf(flow, catalogue);
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 36, ranksep: 96, edgesep: 16, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));

  // The start first, so that loops are cut where they lead back to it.
  const start = startOf(flow);
  const items = activities(flow);
  const ordered = [...items.filter((item) => item['id'] === start), ...items.filter((item) => item['id'] !== start)];
  const portIndex = new Map<string, number>();
  for (const item of ordered) {
    const id = text(item['id']);
    const ports = portsOf(flow, item, catalogue);
    ports.forEach((port, index) => portIndex.set(`${id}\n${port.name}`, index));
    graph.setNode(id, { width: nodeWidth, height: heightFor(ports.length) });
  }
  for (const { source, port, target } of connections(flow)) {
    if (source === target || !graph.hasNode(source) || !graph.hasNode(target)) continue;
    graph.setEdge(source, target, { weight: portIndex.get(`${source}\n${port}`) === 0 ? 3 : 1 }, port);
  }

  layout(graph);
  const places = new Map<string, Position>();
  for (const item of items) {
    const id = text(item['id']);
    const { x, y, height } = graph.node(id) as { x: number; y: number; height: number };
    places.set(id, { x: Math.round(x - nodeWidth / 2), y: Math.round(y - height / 2) });
  }
  const origin = places.get(start) ?? [...places.values()][0];
  if (origin) {
    const { x, y } = origin;
    for (const [id, place] of places) places.set(id, { x: place.x - x, y: place.y - y });
  }
  return places;
}

/** Where each activity stands: as the file says, or, where it says nothing, where the layout puts it, below what has a place. */
export function placesOf(flow: Flow, catalogue: Catalogue): { places: Map<string, Position>; missing: string[] } {
  const places = new Map<string, Position>();
  const missing: string[] = [];
  for (const item of activities(flow)) {
    const id = text(item['id']);
    const at = positionOf(flow, id);
    if (at) places.set(id, at);
    else missing.push(id);
  }
  if (missing.length === 0) return { places, missing };

  const laidOut = layoutOf(flow, catalogue);
  const top = Math.min(...missing.map((id) => laidOut.get(id)!.y));
  const bottom = Math.max(...[...places].map(([id, at]) => at.y + heightFor(portsOf(flow, activity(flow, id)!, catalogue).length)));
  const shift = places.size === 0 ? 0 : bottom + 60 - top;
  for (const id of missing) {
    const at = laidOut.get(id)!;
    places.set(id, { x: at.x, y: at.y + shift });
  }
  return { places, missing };
}
