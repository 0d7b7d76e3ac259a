import type { Activity, Flow } from './flow';
import { portsOf, type Catalogue } from './ports';

// The measures of an activity on the canvas. They are fixed, so that nothing has to be drawn to be measured.
export const nodeWidth = 232;
export const headHeight = 58;
export const portHeight = 25;
export const footHeight = 8;

export const heightFor = (ports: number): number => headHeight + ports * portHeight + (ports ? footHeight : 0);

export const sizeOf = (flow: Flow, item: Activity, catalogue: Catalogue) => ({
  width: nodeWidth,
  height: heightFor(portsOf(flow, item, catalogue).length),
});

/** The middle of a port's line, from the top of the activity. */
export const portY = (index: number): number => headHeight + index * portHeight + portHeight / 2;
