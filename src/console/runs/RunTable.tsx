import type { KeyboardEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import type { RunHead } from '../api/types';
import { When } from '../ui';
import { durationText } from './duration';
import { RunErrors } from './RunErrors';
import { hasExpired, runTimes, type RunList } from './list';
import { StatusBadge } from './StatusBadge';

/** Runs in a table. Up and down go from run to run, Enter opens one. */
export function RunTable({ list, now, isStale }: { list: RunList; now: number; isStale: boolean }) {
  const navigate = useNavigate();

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a.run-link')];
    const at = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
    links[at < 0 ? 0 : at + step]?.focus();
    event.preventDefault();
  };

  return (
    <div className="table-scroll">
      <table className="table run-table" data-stale={isStale || undefined} aria-busy={isStale}>
        <caption className="visually-hidden">Runs, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Status</th>
            <th scope="col">Flow</th>
            <th scope="col">Person</th>
            <th scope="col">Started</th>
            <th scope="col">Duration</th>
            <th scope="col">Errors</th>
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {list.runs.map((run) => (
            <tr
              key={run.number}
              data-link
              data-fresh={list.fresh.has(run.number) || undefined}
              onClick={(event) =>
                !(event.target as HTMLElement).closest('a, button') &&
                !window.getSelection()?.toString() &&
                void navigate(`/runs/${run.number}`)
              }
            >
              <td className="number">
                <Link className="run-link" to={`/runs/${run.number}`} aria-label={`Run ${run.number}`}>
                  {run.number}
                </Link>
              </td>
              <td data-label="Status">
                <StatusBadge run={run} now={now} />
                {run.screen && run.status === 'waiting' && !hasExpired(run, now) && (
                  <span className="run-screen muted" title={`At the screen ${run.screen.id}`}>
                    {screenName(run)}
                  </span>
                )}
              </td>
              <td data-label="Flow">
                <span className="run-flow">{run.flowId}</span> <span className="muted number">v{run.flowVersion}</span>
              </td>
              <td data-label="Person" className="run-person" title={[run.reference, run.person].filter(Boolean).join(', ') || undefined}>
                {run.reference ?? run.person ?? <span className="muted">–</span>}
              </td>
              <td data-label="Started">
                <When at={run.createdAt} />
              </td>
              <td data-label="Duration" className="number">
                <RunDuration run={run} now={now} />
              </td>
              <td data-label="Errors">
                <RunErrors run={run} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a person calls the screen that a run waits for; what stands in for a template is not told. */
export const screenName = (run: RunHead): string => run.screen?.title.replace(/\{\{.*?\}\}/g, '…').trim() || run.screen?.id || '';

/** How long a run was worked on; how long a person let it wait stands beside, and is not mixed into it. */
function RunDuration({ run, now }: { run: RunHead; now: number }) {
  const { total, worked, waited } = runTimes(run, now);
  if (worked === undefined || waited === undefined) return <>{durationText(total)}</>;
  return (
    <>
      {durationText(worked)}
      {waited >= 1000 && (
        <span className="run-waited muted">
          {run.status === 'waiting' ? 'waiting' : 'waited'} {durationText(waited)}
        </span>
      )}
    </>
  );
}
