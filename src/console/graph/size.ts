import type { Activity, Flow } from './flow';
import { portsOf, type Catalogue } from './ports';

// The measures of an activity on the canvas. They are fixed, so that nothing has to be drawn to be measured. All are multiples of
// `step`, the distance of two lines that run beside each other: activities that stand on multiples of it are joined without a jog.
export const step = 12;
export const nodeWidth = 17 * step;
export const headHeight = 5 * step;
export const portHeight = 2 * step;
export const footHeight = step;

/** One without an outcome is as high as one with one: what leads to it arrives at the same height. */
export const heightFor = (ports: number): number => headHeight + Math.max(1, ports) * portHeight + footHeight;

export const sizeOf = (flow: Flow, item: Activity, catalogue: Catalogue) => ({
  width: nodeWidth,
  height: heightFor(portsOf(flow, item, catalogue).length),
});

/** The middle of a port's line, from the top of the activity. */
export const portY = (index: number): number => headHeight + index * portHeight + portHeight / 2;

/** Where what leads to an activity arrives, from its top: at the height of its first outcome, so that the usual way is a straight line. */
export const entryY = portY(0);

/** Where a run's move leaves that no connection says, from the bottom of its activity. */
export const jumpFoot = 6;
