import type { ELK, ElkNode } from 'elkjs/lib/elk-api';
import { useEffect, useMemo, useRef, useState } from 'react';
import { activities, activityIds, connections, positionOf, startOf, type Flow, type Position } from '../graph/flow';
import { text } from '../graph/json';
import { drawingOf, elkGraphOf, givenPlaces, isAutomatic, placesFrom, withGiven, type Room } from '../graph/layout';
import { portsOf, type Catalogue } from '../graph/ports';
import type { Box, Routes, Wire } from '../graph/routes';
import { heightFor, nodeWidth } from '../graph/size';
import type { Answer, Question } from './routes.worker';

// Where everything is drawn. ELK and the search of ways each have a worker of their own, which begins when a flow is first drawn: no other
// page loads them, and nobody waits for them while they type.

let elk: Promise<ELK> | undefined;

const layouts = (): Promise<ELK> =>
  (elk ??= Promise.all([import('elkjs/lib/elk-api.js'), import('elkjs/lib/elk-worker.min.js?url')]).then(
    ([{ default: Elk }, { default: url }]) => new Elk({ workerFactory: () => new Worker(url), workerUrl: url }),
  ));

/** Where ELK puts the activities of a flow. */
export const laidOut = async (flow: Flow, catalogue: Catalogue): Promise<ElkNode> => (await layouts()).layout(elkGraphOf(flow, catalogue));

/** Per page: asks the worker for ways, one flow at a time. */
class Router {
  #worker: Worker | undefined;
  #number = 0;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  find(boxes: Map<string, Box>, wires: Wire[]): Promise<Answer> {
    this.#worker ??= this.#begin();
    const number = ++this.#number;
    this.#worker.postMessage({ number, boxes, wires } satisfies Question);
    return new Promise((resolve) => this.#waiting.set(number, resolve));
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./routes.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.#waiting.get(data.number)?.(data);
      this.#waiting.delete(data.number);
    };
    return worker;
  }
}

const router = new Router();

export interface Drawing {
  places: ReadonlyMap<string, Position>;
  /** The places that a change goes by: those that people gave, even where the drawing had to be another one. */
  kept: ReadonlyMap<string, Position>;
  routes: Routes;
  /** Where the names of connections stand that have room for one. */
  labels: ReadonlyMap<string, Position>;
  /** Whether the routes are those of the places. */
  isRouted: boolean;
  /** Whether people gave other places, which the room is too small for. */
  isRelaid: boolean;
}

/** A canvas that is narrower than this, in pixels, lays every flow out for itself. */
const narrow = 680;

/** Smaller than this, words are not legible at 11 pixels in the lines that they have: only titles stay. */
export const legible = 0.4;

/** Whether what is placed so can be read in a room without moving. */
function fits(places: ReadonlyMap<string, Position>, room: Room): boolean {
  const [xs, ys] = [[...places.values()].map((at) => at.x), [...places.values()].map((at) => at.y)];
  const [width, height] = [Math.max(...xs) - Math.min(...xs) + nodeWidth, Math.max(...ys) - Math.min(...ys) + heightFor(2)];
  return Math.min(room.width / width, room.height / height) >= legible;
}

const noJumps: readonly never[] = [];
const noRoutes: Routes = new Map();
const noLabels: ReadonlyMap<string, Position> = new Map();

/** Places and ways of a flow; undefined until they are known. While something new is laid out, what was there stays. */
export function useDrawing(
  flow: Flow,
  catalogue: Catalogue,
  room: Room | undefined,
  jumps: readonly { source: string; target: string }[] = noJumps,
): Drawing | undefined {
  const shape = useMemo(() => shapeOf(flow, catalogue), [flow, catalogue]);
  const hasPlaces = useMemo(() => activityIds(flow).every((id) => positionOf(flow, id) !== undefined), [flow]);
  // On a phone what people placed for a wide screen would be specks: it is laid out for the room, and stays as it is in the file.
  const isNarrow = useMemo(
    () => room !== undefined && room.width < narrow && (isAutomatic(flow) || !fits(givenPlaces(flow), room)),
    [flow, room],
  );
  const isGiven = hasPlaces && !isNarrow;
  const asked = useRef({ flow, catalogue });
  asked.current = { flow, catalogue };
  const [laid, setLaid] = useState<{ shape: string; node: ElkNode }>();
  useEffect(() => {
    if (isGiven) return;
    let isWanted = true;
    void laidOut(asked.current.flow, asked.current.catalogue).then((node) => {
      if (isWanted) setLaid({ shape, node });
    });
    return () => {
      isWanted = false;
    };
  }, [isGiven, shape]);

  const last = useRef<{ places: ReadonlyMap<string, Position>; kept: ReadonlyMap<string, Position> }>(undefined);
  const both = useMemo(() => {
    const { flow, catalogue } = asked.current;
    if (!room) return undefined;
    if (isGiven) {
      const places = givenPlaces(flow);
      return { places, kept: places };
    }
    if (laid?.shape === shape) {
      const whole = isAutomatic(flow);
      // There one scrolls down rather than sideways.
      const space = isNarrow ? { ...room, height: Infinity } : whole ? room : undefined;
      const found = placesFrom(laid.node, flow, catalogue, space);
      const kept = whole ? found : withGiven(flow, catalogue, isNarrow ? placesFrom(laid.node, flow, catalogue) : found);
      return { places: isNarrow ? found : kept, kept };
    }
    return last.current;
  }, [isGiven, isNarrow, shape, laid, room]);
  last.current = both;
  const places = both?.places;

  const [found, setFound] = useState<{ shape: string; places: ReadonlyMap<string, Position> } & Pick<Drawing, 'routes' | 'labels'>>();
  useEffect(() => {
    if (!places) return;
    let isWanted = true;
    const { boxes, wires } = drawingOf(asked.current.flow, asked.current.catalogue, places, jumps);
    void router.find(boxes, wires).then(({ routes, labels }) => {
      if (isWanted) setFound({ shape, places, routes, labels });
    });
    return () => {
      isWanted = false;
    };
  }, [places, shape, jumps]);

  return useMemo(
    () =>
      both &&
      places && {
        kept: both.kept,
        places,
        routes: found?.routes ?? noRoutes,
        labels: found?.places === places ? found.labels : noLabels,
        isRelaid: isNarrow && both.places !== both.kept,
        isRouted: found?.places === places && found?.shape === shape,
      },
    [both, places, found, shape, isNarrow],
  );
}

/** What decides how a flow is drawn, as text: what else is edited moves nothing. */
function shapeOf(flow: Flow, catalogue: Catalogue): string {
  const items = activities(flow).map((item) => {
    const id = text(item['id']);
    const at = positionOf(flow, id);
    return [id, at?.x, at?.y, ...portsOf(flow, item, catalogue).map((port) => port.name + port.kind[0])].join('\t');
  });
  const lines = connections(flow).map(({ source, port, target }) => [source, port, target].join('\t'));
  return [startOf(flow), ...items, '', ...lines].join('\n');
}
