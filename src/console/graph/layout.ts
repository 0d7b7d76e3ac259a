import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api';
import {
  activities,
  activity,
  activityIds,
  connections,
  connectionsTo,
  positionOf,
  startOf,
  type Connection,
  type Flow,
  type Position,
} from './flow';
import { text } from './json';
import { forwardConnections, mainPathOf } from './mainPath';
import { portsOf, type Catalogue } from './ports';
import type { Box, Wire } from './routes';
import { entryY, heightFor, jumpFoot, nodeWidth, portHeight, portY, step } from './size';

// Where activities stand that nobody has placed: columns by ELK (layered; worker or test runs it), the usual way as a straight line, other
// outcomes below it, and, where that would be too wide to be read, broken into rows like a text.

/** The room that a flow has to be seen in, in pixels. */
export interface Room {
  width: number;
  height: number;
}

/** How small a flow may be shown before it is broken into rows. */
export const comfortable = 0.6;
/** From here on only what decides the columns is laid out: lines over many columns would take ELK many seconds. */
const large = 120;
const gap = { column: 5 * step, row: 3 * step, between: 4 * step };

export const connectionId = (source: string, port: string): string => `${source}\n${port}`;

export const jumpId = (source: string, target: string): string => `${source}\n\n${target}`;

/** Whether nobody has given any activity a place: all follow from the connections. */
export const isAutomatic = (flow: Flow): boolean => activityIds(flow).every((id) => positionOf(flow, id) === undefined);

/** The places that the file gives. */
export const givenPlaces = (flow: Flow): Map<string, Position> =>
  new Map(
    activityIds(flow).flatMap((id) => {
      const at = positionOf(flow, id);
      return at ? [[id, at] as const] : [];
    }),
  );

/** What ELK is asked: connections that lead back are left out, as they run around what they lead back over. */
export function elkGraphOf(flow: Flow, catalogue: Catalogue): ElkNode {
  const forward = forwardConnections(flow, catalogue);
  const main = new Set(mainPathOf(flow, catalogue, forward).map(({ source, port }) => connectionId(source, port)));
  const isMain = ({ source, port }: Connection) => main.has(connectionId(source, port));
  // What is on the main path comes first, so that it stands on top, and everything else on one side of it.
  for (const [id, own] of forward)
    forward.set(
      id,
      [...own].sort((a, b) => Number(isMain(b)) - Number(isMain(a))),
    );
  const order = readingIds(flow, forward);
  const children = order.map((id): ElkNode => {
    const ports = portsOf(flow, activity(flow, id)!, catalogue);
    const height = heightFor(ports.length);
    return {
      id,
      width: nodeWidth,
      height,
      ports: [
        { id: `${id}\n`, x: 0, y: entryY, width: 0, height: 0, layoutOptions: { 'elk.port.side': 'WEST' } },
        ...ports.map((port, index) => ({
          id: connectionId(id, port.name),
          x: nodeWidth,
          y: portY(index),
          width: 0,
          height: 0,
          layoutOptions: { 'elk.port.side': 'EAST', 'elk.port.index': String(index) },
        })),
      ],
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    };
  });
  const isLarge = order.length > large;
  const wanted = isLarge ? deepest(order, forward) : undefined;
  const edges = order.flatMap((id) =>
    forward
      .get(id)!
      .filter((one) => !wanted || wanted.has(one))
      .map(({ source, port, target }): ElkExtendedEdge => {
        const key = connectionId(source, port);
        return {
          id: key,
          sources: [key],
          targets: [`${target}\n`],
          ...(main.has(key) && {
            layoutOptions: { 'elk.layered.priority.straightness': '100', 'elk.layered.priority.shortness': '10', 'elk.priority': '10' },
          }),
        };
      }),
  );
  return {
    id: 'flow',
    children,
    edges,
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': isLarge ? 'POLYLINE' : 'ORTHOGONAL',
      'elk.separateConnectedComponents': 'false',
      'elk.layered.layering.strategy': isLarge ? 'LONGEST_PATH_SOURCE' : 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.crossingMinimization.forceNodeModelOrder': 'true',
      'elk.layered.nodePlacement.strategy': isLarge ? 'SIMPLE' : 'NETWORK_SIMPLEX',
      'elk.layered.nodePlacement.favorStraightEdges': 'true',
      ...(isLarge && { 'elk.layered.thoroughness': '1' }),
      'elk.spacing.nodeNode': String(4 * step),
      'elk.spacing.edgeNode': String(step),
      'elk.spacing.edgeEdge': String(step),
      'elk.layered.spacing.nodeNodeBetweenLayers': String(gap.column),
      'elk.layered.spacing.edgeNodeBetweenLayers': String(2 * step),
      'elk.layered.spacing.edgeEdgeBetweenLayers': String(step),
    },
  };
}

/** Of what leads to each activity the longest way: it alone says in which column that stands. */
function deepest(order: readonly string[], forward: ReadonlyMap<string, readonly Connection[]>): Set<Connection> {
  const waiting = new Map(order.map((id) => [id, 0]));
  for (const all of forward.values()) for (const { target } of all) waiting.set(target, waiting.get(target)! + 1);
  const depth = new Map<string, { at: number; by?: Connection }>();
  const pending = order.filter((id) => waiting.get(id) === 0);
  for (let i = 0; i < pending.length; i++) {
    const id = pending[i]!;
    const at = depth.get(id)?.at ?? 0;
    for (const by of forward.get(id)!) {
      if (at + 1 > (depth.get(by.target)?.at ?? 0)) depth.set(by.target, { at: at + 1, by });
      waiting.set(by.target, waiting.get(by.target)! - 1);
      if (waiting.get(by.target) === 0) pending.push(by.target);
    }
  }
  return new Set([...depth.values()].flatMap(({ by }) => (by ? [by] : [])));
}

/** The ids along the connections, by the order of outcomes: what comes first stands above. */
function readingIds(flow: Flow, forward: ReadonlyMap<string, readonly { target: string }[]>): string[] {
  const seen = new Set<string>();
  const start = startOf(flow);
  const ids = activityIds(flow);
  for (const root of [...ids.filter((id) => id === start), ...ids]) {
    const stack = [root];
    while (stack.length) {
      const id = stack.pop()!;
      if (seen.has(id)) continue;
      seen.add(id);
      stack.push(
        ...forward
          .get(id)!
          .map((connection) => connection.target)
          .reverse(),
      );
    }
  }
  return [...seen];
}

/** The places that ELK found, brought into the room: on the grid, the start at 0, 0, and in as many rows as make it legible. */
export function placesFrom(laidOut: ElkNode, flow: Flow, catalogue: Catalogue, room?: Room): Map<string, Position> {
  const nodes = laidOut.children ?? [];
  const indexes = new Map(
    activities(flow).map((item) => [text(item['id']), new Map(portsOf(flow, item, catalogue).map(({ name }, index) => [name, index]))]),
  );
  const portIndex = (id: string, port: string) => indexes.get(id)?.get(port) ?? 0;
  const origin = nodes.find((node) => node.id === startOf(flow)) ?? nodes[0];
  if (!origin) return new Map();
  const columnsAt = [...new Set(nodes.map((node) => Math.round(node.x!)))].sort((a, b) => a - b);
  const main = new Set([origin.id, ...mainPathOf(flow, catalogue).map((connection) => connection.target)]);
  const columns = columnsAt.map((x) =>
    nodes
      .filter((node) => Math.round(node.x!) === x)
      .sort((a, b) => Number(main.has(b.id)) - Number(main.has(a.id)) || a.y! - b.y!)
      .map((node) => ({ id: node.id, height: node.height! })),
  );
  const across = new Map<string, number>();
  columns.forEach((column, index) => column.forEach(({ id }) => across.set(id, index)));
  // Room for ELK's lines between two columns, and for those that lead back or come from further away.
  const turns = columnsAt.map(() => new Set<string>());
  for (const { source, port, target } of connections(flow)) {
    const [a, b] = [across.get(source), across.get(target)];
    if (a === undefined || b === undefined) continue;
    if (portIndex(source, port) > 0 || b !== a + 1) turns[a]!.add(connectionId(source, port));
    if (b !== a + 1 && b > 0) turns[b - 1]!.add(target);
  }
  const widths = columnsAt.map((x, i) => {
    const least = Math.max(gap.column, step * (3 + Math.min(10, turns[i]!.size)));
    return i + 1 < columnsAt.length ? Math.max(least, up(columnsAt[i + 1]! - x - nodeWidth)) : least;
  });
  // How many lines there are between what stands before a column and what stands behind it: those that lead to one activity are one.
  const spans = new Map<string, [number, number]>();
  for (const { source, target } of connections(flow)) {
    const [a, b] = [across.get(source) ?? 0, across.get(target) ?? 0];
    const [low, high] = spans.get(target) ?? [b, b];
    spans.set(target, [Math.min(low, a), Math.max(high, a)]);
  }
  const crossing = columns.map((_, at) => [...spans.values()].filter(([low, high]) => low < at && high >= at).length);

  const fold = (rows: number) => {
    const each = Math.ceil(columns.length / rows);
    const places = new Map<string, Position>();
    let [top, width] = [0, 0];
    for (let first = 0; first < columns.length; first += each) {
      const row = columns.slice(first, first + each);
      if (first > 0) top += gap.row + step * Math.min(8, crossing[first]!);
      let [x, bottom] = [0, top];
      row.forEach((column, index) => {
        let free = top;
        for (const { id, height } of column) {
          // At the height of what leads here, where that is free: below what stands above it.
          const wishes = main.has(id)
            ? [top]
            : connectionsTo(flow, id).flatMap(({ source, port }) => {
                const [at, column] = [places.get(source), across.get(source)!];
                return at && column >= first && column < first + index ? [at.y + portHeight * portIndex(source, port)] : [];
              });
          const y = Math.max(free, Math.min(...wishes, wishes.length > 0 ? Infinity : free));
          places.set(id, { x, y });
          free = y + height + gap.between;
          bottom = Math.max(bottom, y + height);
        }
        x += nodeWidth + widths[first + index]!;
      });
      width = Math.max(width, x - widths[first + row.length - 1]!);
      top = bottom;
    }
    return { places, zoom: room ? Math.min(room.width / (width + 2 * step), room.height / (top + 2 * step)) : 1 };
  };

  let best = fold(1);
  for (let rows = 2; best.zoom < comfortable && rows <= columns.length; rows++) {
    const next = fold(rows);
    if (next.zoom > best.zoom) best = next;
    else if (next.zoom < 0.8 * best.zoom) break;
  }
  const start = best.places.get(origin.id)!;
  return new Map([...best.places].map(([id, at]) => [id, { x: at.x - start.x, y: at.y - start.y }]));
}

const up = (length: number): number => Math.ceil(length / step) * step;

/** All places: what the file gives stays; the others stand to each other as they were laid out, below what they would cover. */
export function withGiven(flow: Flow, catalogue: Catalogue, laidOut: ReadonlyMap<string, Position>): Map<string, Position> {
  const places = givenPlaces(flow);
  const anchor = [...places].find(([id]) => laidOut.has(id));
  const shift = anchor ? { x: anchor[1].x - laidOut.get(anchor[0])!.x, y: anchor[1].y - laidOut.get(anchor[0])!.y } : { x: 0, y: 0 };
  const heights = new Map(activities(flow).map((item) => [text(item['id']), heightFor(portsOf(flow, item, catalogue).length)]));
  const missing = [...laidOut].filter(([id]) => !places.has(id)).sort(([, a], [, b]) => a.y - b.y);
  for (const [id, at] of missing) {
    const spot = { x: at.x + shift.x, y: at.y + shift.y };
    for (let covered = coveredBy(); covered; covered = coveredBy()) spot.y = covered.y + heights.get(covered.id)! + 3 * step;
    places.set(id, spot);

    function coveredBy() {
      for (const [other, place] of places) {
        const isBeside = spot.x >= place.x + nodeWidth + step || place.x >= spot.x + nodeWidth + step;
        const isApart = spot.y >= place.y + heights.get(other)! + 2 * step || place.y >= spot.y + heights.get(id)! + 2 * step;
        if (!isBeside && !isApart) return { id: other, y: place.y };
      }
      return undefined;
    }
  }
  return places;
}

/** What is to be joined, for the search of ways: boxes where the activities stand, and a wire for each connection. */
export function drawingOf(
  flow: Flow,
  catalogue: Catalogue,
  places: ReadonlyMap<string, Position>,
  jumps: readonly { source: string; target: string }[] = [],
): { boxes: Map<string, Box>; wires: Wire[] } {
  const boxes = new Map<string, Box>();
  const ports = new Map<string, Map<string, { index: number; tone: string }>>();
  for (const item of activities(flow)) {
    const id = text(item['id']);
    const at = places.get(id);
    if (!at) continue;
    const own = portsOf(flow, item, catalogue);
    boxes.set(id, { ...at, width: nodeWidth, height: heightFor(own.length) });
    ports.set(id, new Map(own.map((port, index) => [port.name, { index, tone: toneOf(port.kind) }])));
  }
  const main = new Set(mainPathOf(flow, catalogue).map(({ source, port }) => connectionId(source, port)));
  const wires = new Map<string, Wire>();
  for (const { source, port, target } of connections(flow)) {
    const own = ports.get(source)?.get(port);
    const id = connectionId(source, port);
    if (!own || !boxes.has(target) || wires.has(id)) continue;
    wires.set(id, { id, source, target, fromY: portY(own.index), tone: own.tone, ...(main.has(id) && { isMain: true }) });
  }
  // A move that no connection says leaves below the outcomes.
  for (const { source, target } of jumps) {
    const box = boxes.get(source);
    const id = jumpId(source, target);
    if (box && boxes.has(target)) wires.set(id, { id, source, target, fromY: box.height - jumpFoot, tone: 'jump' });
  }
  return { boxes, wires: [...wires.values()] };
}

const toneOf = (kind: string): string => (kind === 'error' || kind === 'missing' ? 'error' : 'outcome');
