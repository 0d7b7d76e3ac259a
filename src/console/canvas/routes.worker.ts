import { routesOf, type Box, type Wire } from '../graph/routes';

// The search of ways, beside the page: it may take a while for a large flow.
export interface Question {
  number: number;
  boxes: Map<string, Box>;
  wires: Wire[];
}

self.onmessage = ({ data: { number, boxes, wires } }: MessageEvent<Question>) => {
  self.postMessage({ number, routes: routesOf(boxes, wires) });
};
