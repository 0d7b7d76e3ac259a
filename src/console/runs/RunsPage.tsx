import './runs.css';
import { ListTree, SearchX } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { Button, Empty, Failed, Loading, Switch } from '../ui';
import { everything, filterOf, isFiltered, searchOf, type RunFilter } from './filter';
import { RunFilters } from './RunFilters';
import { RunTable } from './RunTable';
import { useNow } from './useNow';
import { useRunList } from './useRunList';

/** All runs, the newest first. The filter stands in the address. */
export function RunsPage() {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => filterOf(search), [search]);
  const [isLive, setLive] = useState(true);
  const { list, loadOlder, isLoadingOlder } = useRunList(filter, isLive);
  const now = useNow(1000);
  const change = useCallback(
    (part: Partial<RunFilter>) => setSearch(searchOf({ ...filter, ...part }), { replace: true }),
    [filter, setSearch],
  );
  const codes = useMemo(
    () =>
      [
        ...new Set(list.data?.runs.flatMap((run) => [...run.errors.map((error) => error.code), ...(run.errorCode ? [run.errorCode] : [])])),
      ].sort(),
    [list.data],
  );

  return (
    <div className="page">
      <title>Runs · FlowEngine</title>
      <div className="page-head">
        <div>
          <h1>Runs</h1>
          <p className="lead">What flows did, and where they are now.</p>
        </div>
        <Switch label="Live" checked={isLive} onChange={(event) => setLive(event.target.checked)} />
      </div>
      <RunFilters filter={filter} onChange={change} onClear={() => setSearch('', { replace: true })} codes={codes} />
      <section className="card" aria-label="Runs">
        {list.isError && !list.data ? <Failed error={list.error} onRetry={() => void list.refetch()} /> : null}
        {list.isPending ? <Loading lines={6} /> : null}
        {list.data && list.isError ? (
          <div className="run-trouble">
            <Failed error={list.error} onRetry={() => void list.refetch()} />
          </div>
        ) : null}
        {list.data && list.data.runs.length > 0 && (
          <>
            <RunTable list={list.data} now={now} isStale={list.isPlaceholderData} />
            <div className="run-foot">
              <span className="muted" role="status">
                {list.data.runs.length} {list.data.runs.length === 1 ? 'run' : 'runs'}
                {list.data.next ? ' so far' : ''}
              </span>
              {list.data.next && (
                <Button size="small" busy={isLoadingOlder} onClick={() => void loadOlder()}>
                  Load older
                </Button>
              )}
            </div>
          </>
        )}
        {list.data?.runs.length === 0 &&
          (isFiltered(filter) ? (
            <Empty
              icon={<SearchX />}
              title="No run is like that"
              action={<Button onClick={() => setSearch(searchOf(everything), { replace: true })}>Show all runs</Button>}
            >
              Take away a filter, or choose a longer time.
            </Empty>
          ) : (
            <Empty icon={<ListTree />} title="No runs yet">
              A run begins when somebody opens a flow’s sign-in page, or a program starts the flow. It appears here at once.
            </Empty>
          ))}
      </section>
    </div>
  );
}
