import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import type { JsonObject } from '../api/types';
import { FlowCanvas, type CanvasHandle } from '../canvas/FlowCanvas';
import { useSchema } from '../forms/useSchema';
import { flowOf } from '../graph/described';
import { activities, connectionsFrom } from '../graph/flow';
import { text } from '../graph/json';
import { catalogueOf, type Catalogue } from '../graph/ports';
import { Loading } from '../ui';
import { marksOf, type Entry, type Walk } from './walk';

interface Props {
  definition: JsonObject;
  walk: Walk;
  entries: readonly Entry[];
  chosen: Entry | undefined;
  /** The activities that a value came through; undefined while nobody asks. */
  origins: ReadonlySet<string> | undefined;
  onChoose: (number: string) => void;
}

/** The flow that a run ran, with its way over it. An activity opens its latest step; left and right go along the run. */
export function RunCanvas({ definition, walk, entries, chosen, origins, onChoose }: Props) {
  const schema = useSchema();
  const canvas = useRef<CanvasHandle>(null);
  const catalogue = useMemo(() => {
    const types = schema.data ?? { activities: [], components: [] };
    return catalogueOf(types, subflowEnds(definition, catalogueOf(types)));
  }, [schema.data, definition]);
  const marks = useMemo(() => marksOf(walk), [walk]);
  const selection = useMemo(() => new Set(chosen ? [chosen.activity] : []), [chosen?.activity]);
  const keyed = useRef(false);

  useEffect(() => {
    // The focus follows only the keys of the canvas: who reads the timeline stays there.
    if (!chosen) return;
    if (keyed.current) canvas.current?.focus(chosen.activity);
    else canvas.current?.reveal(chosen.activity);
    keyed.current = false;
  }, [chosen]);

  useEffect(() => {
    if (origins) canvas.current?.show(origins);
  }, [origins]);

  const show = (activity: string | undefined) => {
    const steps = activity === undefined ? undefined : walk.visits.get(activity);
    if (steps && activity !== chosen?.activity) onChoose(steps.at(-1)!);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ')
      show((event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset['id']);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const own = entries.filter((entry) => entry.depth === 0);
    const next = step && own[own.findIndex((entry) => entry === chosen) + step];
    if (!next || !(event.target as HTMLElement).closest('.react-flow__node')) return;
    event.preventDefault();
    keyed.current = true;
    onChoose(next.number);
  };

  return (
    <section className="card run-canvas" aria-label="The run’s path" onKeyDown={onKeyDown}>
      {schema.isPending ? (
        <Loading />
      ) : (
        <FlowCanvas
          flow={definition}
          catalogue={catalogue}
          marks={marks}
          origins={origins}
          lit={walk.taken}
          steps={walk.visits}
          jumps={walk.jumps}
          selection={selection}
          readOnly
          onReady={() => (origins ? canvas.current?.show(origins) : chosen && canvas.current?.reveal(chosen.activity))}
          label="The flow with the run’s path"
          handle={canvas}
          onSelect={(ids) => show([...ids].find((id) => id !== chosen?.activity))}
        />
      )}
    </section>
  );
}

/** The ends of the flows that subflows called, as far as the version knows them: it was compiled when it was published. */
function subflowEnds(definition: JsonObject, catalogue: Catalogue): Map<string, string[]> {
  const ends = new Map<string, string[]>();
  for (const item of activities(definition)) {
    const flow = flowOf(item, catalogue);
    if (!flow) continue;
    ends.set(flow, [
      ...new Set([...(ends.get(flow) ?? []), ...connectionsFrom(definition, text(item['id'])).map((connection) => connection.port)]),
    ]);
  }
  return ends;
}
