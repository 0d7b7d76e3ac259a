import './runs.css';
import { ListTree, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { ApiError } from '../api/client';
import { Empty, Failed, Loading, Notice } from '../ui';
import { RunCanvas } from './RunCanvas';
import { RunHeader } from './RunHeader';
import { StepDetail } from './StepDetail';
import { activitiesOf, lineageOf, wayBack } from './lineage';
import { Timeline } from './Timeline';
import { useRun } from './useRun';
import { entriesOf, stepsOf, walkOf } from './walk';

/** One run: its way over the flow, its steps, and what each did. The chosen step stands in the address, and the value whose way back
 * is open. */
export function RunPage() {
  const { id = '' } = useParams();
  const run = useRun(id);
  const [search, setSearch] = useSearchParams();
  const entries = useMemo(() => (run.data ? entriesOf(stepsOf(run.data)) : []), [run.data]);
  const walk = useMemo(() => (run.data ? walkOf(run.data) : undefined), [run.data]);

  const asked = search.get('step');
  // What went wrong is what most people come for.
  const chosen = entries.find((entry) => entry.number === asked) ?? entries.findLast((entry) => entry.step.error) ?? entries.at(-1);
  const value = search.get('value');
  const origin = useMemo(() => {
    const lineage = chosen && value !== null ? lineageOf(chosen.step, value) : undefined;
    return chosen && lineage && wayBack(chosen, lineage, entries);
  }, [chosen, value, entries]);
  const origins = useMemo(() => origin && activitiesOf(origin), [origin]);

  if (run.isPending)
    return (
      <div className="page">
        <Loading lines={6} />
      </div>
    );
  if (run.isError && !run.data)
    return run.error instanceof ApiError && run.error.status === 404 ? (
      <Empty icon={<SearchX />} title="There is no such run" action={<Link to="/runs">To the runs</Link>}>
        Runs are kept for a time that the operator sets. This one may be over, or the address may be misspelt.
      </Empty>
    ) : (
      <div className="page">
        <Failed error={run.error} onRetry={() => void run.refetch()} />
      </div>
    );

  const choose = (number: string) => setSearch({ step: number }, { replace: true });
  const show = (to: string | undefined) =>
    setSearch({ step: chosen?.number ?? '', ...(to !== undefined && { value: to }) }, { replace: true });

  return (
    <div className="page run-page">
      <title>{`Run ${run.data.number} · FlowEngine`}</title>
      <RunHeader run={run.data} entries={entries} onShow={choose} />
      {run.isError && <Failed error={run.error} onRetry={() => void run.refetch()} />}
      {run.data.valuesHidden && (
        <Notice>What was entered and what came back is shown here when the run has ended; designers see it before.</Notice>
      )}
      {entries.length === 0 ? (
        <section className="card">
          <Empty icon={<ListTree />} title="No steps">
            This run has no trace yet, or its trace is not kept any more.
          </Empty>
        </section>
      ) : (
        <div className="run-parts">
          <Timeline entries={entries} chosen={chosen?.number} onChoose={choose} run={run.data} />
          <div className="run-side">
            {run.data.definition && walk && (
              <RunCanvas
                definition={run.data.definition}
                walk={walk}
                entries={entries}
                chosen={chosen}
                origins={origins}
                onChoose={choose}
              />
            )}
            {chosen && <StepDetail entry={chosen} entries={entries} origin={origin} onOrigin={show} onStep={choose} />}
          </div>
        </div>
      )}
    </div>
  );
}
