import type { Position } from '../graph/flow';
import { labelsOf } from '../graph/labels';
import { routesOf, type Box, type Routes, type Wire } from '../graph/routes';

// The search of ways, beside the page: it may take a while for a large flow.
export interface Question {
  number: number;
  boxes: Map<string, Box>;
  wires: Wire[];
}

export interface Answer {
  number: number;
  routes: Routes;
  labels: ReadonlyMap<string, Position>;
}

self.onmessage = ({ data: { number, boxes, wires } }: MessageEvent<Question>) => {
  const routes = routesOf(boxes, wires);
  const labels = labelsOf(boxes, wires, routes, ({ id }) => id.slice(id.indexOf('\n') + 1));
  self.postMessage({ number, routes, labels } satisfies Answer);
};
