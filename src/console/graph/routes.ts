import type { Position } from './flow';
import { entryY, step } from './size';

// Ways for connections: horizontal and vertical lines around the activities, wherever these stand. Each is searched for on a grid (A*),
// the straight and short ones first; what is taken costs, so that lines keep their distance, and so does each bend and each line that is
// crossed. Knows no DOM: it runs in a worker, and in tests.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A connection to be drawn. */
export interface Wire {
  id: string;
  source: string;
  target: string;
  /** Where it leaves, from the top of its source; always at the right. */
  fromY: number;
  /** Wires of one tone that lead to the same activity may join on the way there; others never share a line. */
  tone: string;
  /** The way that most take: found first, so that it is the straightest. */
  isMain?: boolean;
}

export type Routes = ReadonlyMap<string, readonly Position[]>;

const cost = { bend: 60, crossing: 45, close: 1.05, near: 14, occupied: 60, inside: 4000, slot: 3, behind: 0.02 };
const margin = 2; // grid lines around everything for ways back
const rounds = 3;
// Where there is much, a good way soon is better than the best one late.
const many = { wires: 160, haste: 3 };

/** The corners of each wire, from its outcome to where it arrives. A wire whose source or target has no box has no route. */
export function routesOf(boxes: ReadonlyMap<string, Box>, wires: readonly Wire[]): Map<string, Position[]> {
  const known = wires.filter((wire) => boxes.has(wire.source) && boxes.has(wire.target));
  const found = new Map<string, Position[]>();
  if (known.length === 0) return found;
  const grid = new Grid(boxes, known);
  const order = [...known].sort((a, b) => rank(boxes, a) - rank(boxes, b));
  for (const wire of order) grid.put(wire, grid.find(wire));
  // What was found early did not know of what came later: each is searched for once more, among all the others.
  const again = known.length > many.wires ? 0 : rounds;
  for (let round = 0; round < again; round++) {
    let changed = false;
    for (const wire of order) {
      if (grid.isSettled(wire)) continue;
      const old = grid.take(wire);
      const way = grid.find(wire);
      changed ||= way.length !== old.length || way.some((at, i) => at !== old[i]);
      grid.put(wire, way);
    }
    if (!changed) break;
  }
  for (const wire of known) found.set(wire.id, grid.corners(wire));
  return found;
}

function rank(boxes: ReadonlyMap<string, Box>, wire: Wire): number {
  const [from, to] = [boxes.get(wire.source)!, boxes.get(wire.target)!];
  const ahead = to.x - (from.x + from.width);
  const far = Math.abs(ahead) + Math.abs(from.y + wire.fromY - (to.y + entryY));
  return (wire.isMain ? 0 : 1e5) + (ahead > 0 ? 0 : 1e6) + far;
}

const enum Way {
  right = 0,
  down = 1,
  left = 2,
  up = 3,
}

class Grid {
  readonly xs: number[];
  readonly ys: number[];
  readonly #nx: number;
  readonly #boxes: ReadonlyMap<string, Box>;
  readonly #entries: ReadonlyMap<string, readonly number[]>;
  readonly #groups = new Map<string, number>();
  // Of each stretch from a point of the grid to the next at its right (h) and below (v): what it costs to pass there for the sake of the
  // activities, how many wires run on it or nearer than a step, how many exactly on it, and whose these are.
  readonly #weight: [Float32Array, Float32Array];
  readonly #near: [Int16Array, Int16Array];
  readonly #own: [Int16Array, Int16Array];
  readonly #group: [Int32Array, Int32Array];
  /** How many wires pass a point horizontally and vertically. */
  readonly #pass: [Int16Array, Int16Array];
  readonly #ways = new Map<string, number[]>();
  readonly #detours = new Map<string, number>();
  // The search's own, kept from one to the next.
  readonly #best: Float64Array;
  readonly #from: Int32Array;
  readonly #round: Int32Array;
  #number = 0;
  readonly #heap = new Heap();

  readonly #haste: number;

  constructor(boxes: ReadonlyMap<string, Box>, wires: readonly Wire[]) {
    this.#boxes = boxes;
    this.#haste = wires.length > many.wires ? many.haste : 1;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const box of boxes.values()) {
      left = Math.min(left, box.x);
      top = Math.min(top, box.y);
      right = Math.max(right, box.x + box.width);
      bottom = Math.max(bottom, box.y + box.height);
    }
    // Everything may have to run around: there is room for as many as lead back.
    const back = wires.filter((wire) => boxes.get(wire.target)!.x <= boxes.get(wire.source)!.x + boxes.get(wire.source)!.width).length;
    const room = (margin + Math.min(24, back)) * step;
    const into = new Map<string, number>();
    for (const wire of wires) into.set(wire.target, (into.get(wire.target) ?? 0) + 1);
    const tonesInto = new Map<string, Set<string>>();
    for (const { target, tone } of wires) tonesInto.set(target, (tonesInto.get(target) ?? new Set()).add(tone));
    const mixed = new Set([...tonesInto].flatMap(([id, tones]) => (tones.size > 1 ? [id] : [])));
    const [mainTone] = wires
      .map((wire) => wire.tone)
      .sort()
      .reverse();
    this.#entries = new Map(
      wires.map(({ target, tone }) => {
        const box = boxes.get(target)!;
        const all = entriesOf(box, mixed.has(target) ? Infinity : into.get(target)!);
        // Each tone has places of its own: the first the middle and what is above, the other what is below.
        const own = mixed.has(target) ? all.filter((y) => y > box.y + entryY === (tone !== mainTone)) : all;
        return [`${target}\n${tone}`, own.length > 0 ? own : all];
      }),
    );
    const exact = [...wires.map((wire) => boxes.get(wire.source)!.y + wire.fromY), ...[...this.#entries.values()].flat()];
    this.xs = lines(left - room, right + room, []);
    this.ys = lines(top - room, bottom + room, exact);
    const points = this.xs.length * this.ys.length;
    this.#nx = this.xs.length;
    const two = <T>(make: () => T): [T, T] => [make(), make()];
    this.#weight = two(() => new Float32Array(points).fill(1));
    this.#near = two(() => new Int16Array(points));
    this.#own = two(() => new Int16Array(points));
    this.#group = two(() => new Int32Array(points));
    this.#pass = two(() => new Int16Array(points));
    this.#best = new Float64Array(points * 4);
    this.#from = new Int32Array(points * 4);
    this.#round = new Int32Array(points * 4);
    for (const box of boxes.values()) this.#block(box);
  }

  /** Makes it dear to pass an activity near, and nearly impossible to pass through it. */
  #block(box: Box): void {
    for (const [away, weight] of [
      [2 * step, cost.close],
      [step, cost.near],
      [2, cost.inside],
    ] as const) {
      const [left, right, top, bottom] = [box.x - away, box.x + box.width + away, box.y - away, box.y + box.height + away];
      const [x0, x1] = [first(this.xs, left + 0.01), first(this.xs, right - 0.01)];
      const [y0, y1] = [first(this.ys, top + 0.01), first(this.ys, bottom - 0.01)];
      for (let y = y0; y < y1; y++) for (let x = Math.max(0, x0 - 1); x < x1; x++) this.#weigh(0, y * this.#nx + x, weight);
      for (let y = Math.max(0, y0 - 1); y < y1; y++) for (let x = x0; x < x1; x++) this.#weigh(1, y * this.#nx + x, weight);
    }
  }

  #weigh(isVertical: 0 | 1, stretch: number, weight: number): void {
    this.#weight[isVertical][stretch] = Math.max(this.#weight[isVertical][stretch]!, weight);
  }

  #groupOf(wire: Wire): number {
    const key = `${wire.target}\n${wire.tone}`;
    if (!this.#groups.has(key)) this.#groups.set(key, this.#groups.size + 1);
    return this.#groups.get(key)!;
  }

  /** The points of the best way, from the first line at the right of the source to the last at the left of the target. */
  find(wire: Wire): number[] {
    const { xs, ys } = this;
    const nx = this.#nx;
    const [from, to] = [this.#boxes.get(wire.source)!, this.#boxes.get(wire.target)!];
    const group = this.#groupOf(wire);
    const startX = first(xs, from.x + from.width + step - 1);
    const startY = first(ys, from.y + wire.fromY);
    // Far enough from its end for a corner and the arrow, where there is room.
    const isClose = to.x > from.x && to.x - from.x - from.width < 4 * step;
    const endX = first(xs, to.x - (isClose ? step : 2 * step - 4) + 0.001) - 1;
    const entries = this.#entries.get(`${wire.target}\n${wire.tone}`)!;
    const goals = new Map<number, number>();
    let [low, high] = [Infinity, -Infinity];
    entries.forEach((y, index) => {
      const at = first(ys, y);
      // A place that another has is no place, unless both may join.
      const taken = this.#conflict(0, at * nx + Math.max(0, endX), group);
      goals.set(at * nx + endX, index * cost.slot + taken * cost.occupied * step);
      low = Math.min(low, y);
      high = Math.max(high, y);
    });
    const targetX = xs[endX]!;
    const haste = this.#haste;
    // At least the distance, and the bends that it takes from there.
    const estimate = (x: number, y: number, way: number) => {
      const aside = Math.max(0, low - ys[y]!, ys[y]! - high);
      const ahead = targetX - xs[x]!;
      const bends = way === Way.right ? (aside > 0 || ahead < 0 ? 2 : 0) : way === Way.left ? 2 : 1;
      return (Math.abs(ahead) + aside + bends * cost.bend) * haste;
    };

    const number = ++this.#number;
    const [best, parent, round, heap] = [this.#best, this.#from, this.#round, this.#heap];
    heap.clear();
    const begin = (startY * nx + startX) * 4 + Way.right;
    best[begin] = 0;
    parent[begin] = -1;
    round[begin] = number;
    heap.push(begin, estimate(startX, startY, Way.right));
    let goal = -1;
    let goalCost = Infinity;
    while (heap.size > 0) {
      const state = heap.pop();
      const value = heap.last;
      if (value >= goalCost) break;
      const point = state >> 2;
      const way = state & 3;
      const [x, y] = [point % nx, (point / nx) | 0];
      const so = best[state]!;
      if (so + estimate(x, y, way) < value - 0.01) continue;
      const slot = goals.get(point);
      if (slot !== undefined && way !== Way.left) {
        const total = so + slot + (way === Way.right ? 0 : cost.bend);
        if (total < goalCost) [goal, goalCost] = [state, total];
      }
      for (let turn = -1; turn <= 1; turn++) {
        const next = (way + turn + 4) & 3;
        const isVertical = next & 1;
        const nextX = x + (next === Way.right ? 1 : next === Way.left ? -1 : 0);
        const nextY = y + (next === Way.down ? 1 : next === Way.up ? -1 : 0);
        if (nextX < 0 || nextY < 0 || nextX >= nx || nextY >= ys.length) continue;
        const to = nextY * nx + nextX;
        const stretch = Math.min(point, to);
        const length = isVertical ? Math.abs(ys[nextY]! - ys[y]!) : Math.abs(xs[nextX]! - xs[x]!);
        const conflict = this.#conflict(isVertical, stretch, group);
        const shared = this.#own[isVertical]![stretch]! > 0 && this.#group[isVertical]![stretch] === group;
        const crossed = this.#pass[isVertical ? 0 : 1]![to]!;
        const price =
          so +
          length * (this.#weight[isVertical]![stretch]! + conflict * cost.occupied) * (shared ? 0.75 : 1) +
          (turn === 0 ? 0 : cost.bend) +
          (shared ? 0 : crossed * cost.crossing) +
          (isVertical ? cost.behind * Math.abs(xs[nextX]! - xs[startX]!) : 0);
        const there = to * 4 + next;
        if (round[there] === number && best[there]! <= price) continue;
        best[there] = price;
        parent[there] = state;
        round[there] = number;
        heap.push(there, price + estimate(nextX, nextY, next));
      }
    }
    const points: number[] = [];
    for (let state = goal; state >= 0; state = parent[state]!) points.push(state >> 2);
    this.#detours.set(wire.id, goalCost - estimate(startX, startY, Way.right));
    return points.reverse();
  }

  /** Whether another way could be better: not where nothing stood in the way of the shortest. */
  isSettled(wire: Wire): boolean {
    if (this.#detours.get(wire.id)! >= cost.bend) return false;
    const way = this.#ways.get(wire.id)!;
    const group = this.#groupOf(wire);
    return way.every((to, i) => {
      const from = way[i - 1];
      // Its own mark is one of those there.
      return from === undefined || this.#conflict(Math.abs(from - to) === 1 ? 0 : 1, Math.min(from, to), group) === 0;
    });
  }

  /** How many others run where a wire of a group would. */
  #conflict(isVertical: number, stretch: number, group: number): number {
    const near = this.#near[isVertical]![stretch]!;
    if (near === 0) return 0;
    return this.#group[isVertical]![stretch] === group ? near - this.#own[isVertical]![stretch]! : near;
  }

  put(wire: Wire, way: number[]): void {
    this.#ways.set(wire.id, way);
    this.#mark(wire, way, 1);
  }

  take(wire: Wire): number[] {
    const way = this.#ways.get(wire.id)!;
    this.#mark(wire, way, -1);
    return way;
  }

  #mark(wire: Wire, way: readonly number[], by: 1 | -1): void {
    if (way.length === 0) return;
    const { xs, ys } = this;
    const nx = this.#nx;
    const group = this.#groupOf(wire);
    const last = way.at(-1)!;
    const corners = cornersOf(way, nx);
    const spans = corners.slice(1).map((to, i): [number, number] => [corners[i]!, to]);
    if (spans.length === 0) spans.push([last, last]);
    spans.forEach(([a, b], index) => {
      const isVertical = a % nx === b % nx && a !== b ? 1 : 0;
      const [along, across] = isVertical ? [ys, xs] : [xs, ys];
      const indexOf = (point: number) => (isVertical ? (point / nx) | 0 : point % nx);
      const line = isVertical ? a % nx : (a / nx) | 0;
      let [low, high] = [Math.min(indexOf(a), indexOf(b)), Math.max(indexOf(a), indexOf(b))];
      for (let i = low + 1; i < high; i++) this.#pass[isVertical]![isVertical ? i * nx + line : line * nx + i]! += by;
      // To the activities at both ends, and as far beyond a corner as another has to stay away.
      const isFirst = index === 0;
      const isLast = index === spans.length - 1;
      const [fromX, toX] = [along[low]! - step + 0.01, along[high]! + step - 0.01];
      low = Math.max(0, first(along, fromX) - 1);
      high = Math.min(along.length - 1, first(along, toX));
      if (!isVertical && (isFirst || isLast))
        [low, high] = [Math.max(0, low - (isFirst ? 1 : 0)), Math.min(along.length - 1, high + (isLast ? 1 : 0))];
      const at = across[line]!;
      for (let other = first(across, at - step + 0.01); other < across.length && across[other]! < at + step - 0.01; other++) {
        for (let i = low; i < high; i++) {
          const stretch = isVertical ? i * nx + other : other * nx + i;
          this.#near[isVertical]![stretch]! += by;
          if (other !== line) continue;
          const own = (this.#own[isVertical]![stretch]! += by);
          const old = this.#group[isVertical]![stretch]!;
          this.#group[isVertical]![stretch] = own === 0 ? 0 : by < 0 ? old : own === 1 ? group : old === group ? group : -1;
        }
      }
    });
  }

  corners(wire: Wire): Position[] {
    const way = this.#ways.get(wire.id)!;
    const [from, to] = [this.#boxes.get(wire.source)!, this.#boxes.get(wire.target)!];
    const begin = { x: from.x + from.width, y: from.y + wire.fromY };
    if (way.length === 0) return [begin, { x: to.x, y: to.y + entryY }];
    const nx = this.#nx;
    const at = (point: number): Position => ({ x: this.xs[point % nx]!, y: this.ys[(point / nx) | 0]! });
    const inner = cornersOf(way, nx).map(at);
    return straightened([begin, ...inner, { x: to.x, y: inner.at(-1)!.y }]);
  }
}

/** Where wires may arrive: the middle first, then one step above and below it, as many as there are wires and room. */
function entriesOf(box: Box, count: number): number[] {
  const entries: number[] = [];
  const most = Math.floor((box.height - 1) / step) - 1;
  for (let i = 0; entries.length < Math.min(count, most) && i < 2 * most; i++) {
    const y = entryY + (i % 2 ? -1 : 1) * Math.ceil(i / 2) * step;
    if (y >= step && y <= box.height - step) entries.push(box.y + y);
  }
  return entries;
}

/** Lines of the grid: one each step, and those that ports stand on. */
function lines(from: number, to: number, exact: readonly number[]): number[] {
  const all = new Set(exact);
  for (let at = Math.floor(from / step) * step; at <= to + step; at += step) all.add(at);
  return [...all].sort((a, b) => a - b);
}

/** The index of the first line at or behind a place. */
function first(sorted: readonly number[], at: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cornersOf(way: readonly number[], nx: number): number[] {
  return way.filter((point, i) => {
    const [before, after] = [way[i - 1], way[i + 1]];
    if (before === undefined || after === undefined) return true;
    const isColumn = before % nx === point % nx && point % nx === after % nx;
    const isRow = ((before / nx) | 0) === ((point / nx) | 0) && ((point / nx) | 0) === ((after / nx) | 0);
    return !isColumn && !isRow;
  });
}

function straightened(points: readonly Position[]): Position[] {
  return points.filter((at, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return true;
    return !((before.x === at.x && at.x === after.x) || (before.y === at.y && at.y === after.y));
  });
}

/** The cheapest first. */
class Heap {
  readonly #states: number[] = [];
  readonly #costs: number[] = [];
  /** The cost of what was popped last. */
  last = 0;

  get size(): number {
    return this.#states.length;
  }

  clear(): void {
    this.#states.length = this.#costs.length = 0;
  }

  push(state: number, value: number): void {
    const [states, costs] = [this.#states, this.#costs];
    let at = states.length;
    states.push(state);
    costs.push(value);
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (costs[up]! <= value) break;
      states[at] = states[up]!;
      costs[at] = costs[up]!;
      at = up;
    }
    states[at] = state;
    costs[at] = value;
  }

  pop(): number {
    const [states, costs] = [this.#states, this.#costs];
    const top = states[0]!;
    this.last = costs[0]!;
    const [state, value] = [states.pop()!, costs.pop()!];
    const size = states.length;
    if (size > 0) {
      let at = 0;
      for (;;) {
        let down = 2 * at + 1;
        if (down >= size) break;
        if (down + 1 < size && costs[down + 1]! < costs[down]!) down++;
        if (costs[down]! >= value) break;
        states[at] = states[down]!;
        costs[at] = costs[down]!;
        at = down;
      }
      states[at] = state;
      costs[at] = value;
    }
    return top;
  }
}
