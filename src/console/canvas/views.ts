import { Position as Side, type Edge, type Node } from '@xyflow/react';
import { activities, connections, startOf, targetOf, titleOf, type Flow, type Position } from '../graph/flow';
import { typeOf } from '../graph/described';
import { text } from '../graph/json';
import type { ActivityType } from '../api/types';
import { portsOf, type Catalogue, type Port } from '../graph/ports';
import { connectionId, jumpId } from '../graph/layout';
import type { Routes } from '../graph/routes';
import { entryY, heightFor, jumpFoot, nodeWidth, portY } from '../graph/size';
import { summaryOf } from '../graph/summary';

/** How a run or a try went through an activity. */
export type Mark = 'done' | 'error' | 'waiting';

type Tone = ActivityType['tone'];

/** What an activity shows on the canvas. */
export interface ActivityView extends Record<string, unknown> {
  id: string;
  type: string;
  icon: string;
  tone: Tone;
  title: string;
  summary: string;
  ports: Port[];
  /** The outcomes that lead nowhere yet. */
  free: ReadonlySet<string>;
  isStart: boolean;
  errors: number;
  warnings: number;
  mark: Mark | undefined;
  /** Whether a value came through it, while somebody asks where that came from. */
  isOrigin: boolean | undefined;
  /** The numbers of a run's steps here, as text. */
  steps: string;
  canConnect: boolean;
}

export type ActivityNodeType = Node<ActivityView, 'activity'>;
/** What a connection shows. `aside`: how far from the middle of its target's entry it arrives. */
export interface ConnectionView extends Record<string, unknown> {
  port: string;
  tone: 'outcome' | 'error';
  isLit: boolean;
  isFaded: boolean;
  /** It leads to or from what is chosen. */
  isNear?: boolean;
  /** What is dragged would be put on it. */
  isDrop?: boolean;
  /** Where its name stands, and which. */
  label?: { x: number; y: number } | undefined;
  isJump?: boolean;
  points?: readonly Position[] | undefined;
  aside: number;
}

export type ConnectionEdgeType = Edge<ConnectionView, 'connection'>;

export interface Shown {
  flow: Flow;
  catalogue: Catalogue;
  counts: ReadonlyMap<string, { errors: number; warnings: number }>;
  marks: ReadonlyMap<string, Mark> | undefined;
  origins?: ReadonlySet<string> | undefined;
  steps?: ReadonlyMap<string, readonly string[]> | undefined;
  canConnect: boolean;
}

/** What each activity shows. What shows the same as before is the same object, so that nothing is drawn again. */
export function viewsOf(
  { flow, catalogue, counts, marks, origins, steps, canConnect }: Shown,
  before: ReadonlyMap<string, ActivityView>,
): Map<string, ActivityView> {
  const start = startOf(flow);
  const views = new Map<string, ActivityView>();
  for (const item of activities(flow)) {
    const id = text(item['id']);
    const count = counts.get(id);
    const type = typeOf(item, catalogue);
    const ports = portsOf(flow, item, catalogue);
    const view: ActivityView = {
      id,
      type: text(item['type']),
      title: titleOf(item),
      icon: type?.icon ?? (item['type'] ? 'puzzle' : ''),
      tone: type?.tone ?? 'http',
      summary: summaryOf(flow, item, catalogue).slice(0, 120),
      ports,
      free: canConnect ? freeOf(flow, id, ports) : noFree,
      isStart: id === start,
      errors: count?.errors ?? 0,
      warnings: count?.warnings ?? 0,
      mark: marks?.get(id),
      isOrigin: origins?.has(id),
      steps: stepsText(steps?.get(id)),
      canConnect,
    };
    const old = before.get(id);
    views.set(id, old && isSame(old, view) ? old : view);
  }
  return views;
}

const noFree: ReadonlySet<string> = new Set();

function freeOf(flow: Flow, id: string, ports: readonly Port[]): ReadonlySet<string> {
  const free = ports.filter((port) => port.kind !== 'missing' && targetOf(flow, id, port.name) === undefined);
  return free.length > 0 ? new Set(free.map((port) => port.name)) : noFree;
}

const stepsText = (steps: readonly string[] = []): string => (steps.length > 3 ? `${steps[0]} … ${steps.at(-1)}` : steps.join(' · '));

const isSame = (a: ActivityView, b: ActivityView): boolean =>
  a.type === b.type &&
  a.icon === b.icon &&
  a.tone === b.tone &&
  a.title === b.title &&
  a.summary === b.summary &&
  a.isStart === b.isStart &&
  a.errors === b.errors &&
  a.warnings === b.warnings &&
  a.mark === b.mark &&
  a.isOrigin === b.isOrigin &&
  a.steps === b.steps &&
  a.canConnect === b.canConnect &&
  a.free.size === b.free.size &&
  [...a.free].every((name) => b.free.has(name)) &&
  a.ports.length === b.ports.length &&
  a.ports.every((port, i) => port.name === b.ports[i]!.name && port.kind === b.ports[i]!.kind);

/** The name of an activity for screen readers: "lookup, Database, 2 outcomes, 1 problem". */
export function spoken(view: ActivityView): string {
  const problems = view.errors + view.warnings;
  return [
    view.title,
    view.type,
    view.isStart && 'start',
    view.ports.length === 0 ? 'no outcomes' : view.ports.length === 1 ? '1 outcome' : `${view.ports.length} outcomes`,
    problems > 0 && (problems === 1 ? '1 problem' : `${problems} problems`),
    view.steps && `step ${view.steps}`,
    view.isOrigin && 'on the way back',
    view.mark && { done: 'on the path', error: 'failed here', waiting: 'waits here' }[view.mark],
  ]
    .filter(Boolean)
    .join(', ');
}

const same = (a: Position, b: Position): boolean => a.x === b.x && a.y === b.y;

/**
 * The nodes for React Flow; those that stay the same are the same objects.
 * A node that is being dragged keeps the place where the pointer has it.
 */
export function nodesOf(
  views: ReadonlyMap<string, ActivityView>,
  places: ReadonlyMap<string, Position>,
  selection: ReadonlySet<string>,
  current: string | undefined,
  before: readonly ActivityNodeType[],
): ActivityNodeType[] {
  const old = new Map(before.map((node) => [node.id, node]));
  // What is new has no place for a moment.
  const placed = [...views.values()].filter((view) => places.has(view.id));
  let changed = before.length !== placed.length;
  const nodes = placed.map((view, index) => {
    const last = old.get(view.id);
    const place = places.get(view.id)!;
    const position = last && (last.dragging || same(last.position, place)) ? last.position : place;
    const selected = selection.has(view.id);
    const tabIndex = view.id === current ? 0 : -1;
    if (
      last &&
      last.data === view &&
      last.position === position &&
      (last.selected ?? false) === selected &&
      last.domAttributes?.tabIndex === tabIndex
    ) {
      changed ||= before[index] !== last;
      return last;
    }
    changed = true;
    const shape =
      last && last.data.ports.length === view.ports.length && last.data.ports.every((port, i) => port.name === view.ports[i]!.name)
        ? last
        : undefined;
    return {
      ...last,
      id: view.id,
      type: 'activity' as const,
      position,
      data: view,
      selected,
      width: nodeWidth,
      height: heightFor(view.ports.length),
      // What is out of sight is not drawn and so never measured, but counts where everything is to be seen.
      measured: { width: nodeWidth, height: heightFor(view.ports.length) },
      handles: shape?.handles ?? handlesOf(view.ports),
      ariaLabel: spoken(view),
      domAttributes: { tabIndex, 'aria-roledescription': 'activity' },
    } satisfies ActivityNodeType;
  });
  return changed ? nodes : (before as ActivityNodeType[]);
}

// Where the lines begin and end is known beforehand: nothing has to be drawn to be measured.
const handlesOf = (ports: readonly Port[]): NonNullable<ActivityNodeType['handles']> => [
  { id: 'in', type: 'target', position: Side.Left, x: -6, y: entryY - 6, width: 12, height: 12 },
  { id: 'jump', type: 'source', position: Side.Right, x: nodeWidth - 6, y: heightFor(ports.length) - jumpFoot - 6, width: 12, height: 12 },
  ...ports.map((port, index) => ({
    id: port.name,
    type: 'source' as const,
    position: Side.Right,
    x: nodeWidth - 6,
    y: portY(index) - 6,
    width: 12,
    height: 12,
  })),
];

const asideOf = (points: readonly Position[] | undefined, target: Position): number => (points ? points.at(-1)!.y - target.y - entryY : 0);

/** A move of a run that no connection says: back to a screen after an error, a restart. */
export interface Jump {
  source: string;
  target: string;
}

/** The edges for React Flow; those that stay the same are the same objects. */
export function edgesOf(
  flow: Flow,
  views: ReadonlyMap<string, ActivityView>,
  { places, routes, labels }: { places: ReadonlyMap<string, Position>; routes: Routes; labels: ReadonlyMap<string, Position> },
  { selected, chosen, drop }: { selected: string | undefined; chosen: ReadonlySet<string>; drop: string | undefined },
  lit: ReadonlySet<string> | undefined,
  before: readonly ConnectionEdgeType[],
  jumps: readonly Jump[] = [],
): ConnectionEdgeType[] {
  const old = new Map(before.map((edge) => [edge.id, edge]));
  const edges: ConnectionEdgeType[] = [];
  const seen = new Set<string>();
  for (const { source, port, target } of connections(flow)) {
    const id = connectionId(source, port);
    if (seen.has(id) || !views.has(source) || !views.has(target) || !places.has(source) || !places.has(target)) continue;
    seen.add(id);
    const isLit = lit?.has(id) ?? false;
    // A run's path says more than what is chosen; without one, that lights what leads to it and from it.
    const isNear = lit === undefined && (chosen.has(source) || chosen.has(target));
    const isFaded = lit !== undefined ? !isLit : chosen.size > 0 && !isNear;
    const isDrop = id === drop;
    const label = labels.get(id);
    const last = old.get(id);
    const isSelected = id === selected;
    const points = routes.get(id);
    const kind = views.get(source)!.ports.find((one) => one.name === port)?.kind;
    const tone = kind === 'error' || kind === 'missing' ? 'error' : 'outcome';
    if (
      last &&
      last.target === target &&
      last.data!.points === points &&
      last.data!.tone === tone &&
      last.data!.isNear === isNear &&
      last.data!.isDrop === isDrop &&
      last.data!.label === label &&
      (last.selected ?? false) === isSelected &&
      last.data!.isLit === isLit &&
      last.data!.isFaded === isFaded
    )
      edges.push(last);
    else {
      edges.push({
        id,
        type: 'connection',
        source,
        target,
        sourceHandle: port,
        targetHandle: 'in',
        selected: isSelected,
        focusable: false,
        data: {
          port,
          tone,
          isLit,
          isFaded,
          isNear,
          isDrop,
          label,
          points,
          aside: points ? points.at(-1)!.y - places.get(target)!.y - entryY : 0,
        },
        zIndex: isLit || isSelected || isNear ? 1 : 0,
        ariaLabel: `${port} of ${source} leads to ${target}`,
      });
    }
  }
  for (const { source, target } of jumps) {
    if (!places.has(source) || !places.has(target)) continue;
    const points = routes.get(jumpId(source, target));
    edges.push({
      id: jumpId(source, target),
      type: 'connection',
      source,
      target,
      sourceHandle: 'jump',
      targetHandle: 'in',
      ariaLabel: `${source} goes back to ${target}`,
      focusable: false,
      selectable: false,
      data: { port: '', tone: 'outcome', isLit: false, isFaded: false, isJump: true, points, aside: asideOf(points, places.get(target)!) },
      zIndex: 2,
    });
  }
  return edges;
}
