import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, FlaskConical, OctagonX } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useAdvice } from '../forms/useAdvice';
import { api } from '../api/client';
import type { RunDetail } from '../api/types';
import { useMay } from '../app/session';
import { text } from '../graph/json';
import { Button, Confirm, CopyButton, Notice, toast, toastError, When } from '../ui';
import { CaseDialog } from './CaseDialog';
import { durationText } from './duration';
import { hasEnded, hasExpired, runTimes } from './list';
import { handledText } from './RunErrors';
import { screenName } from './RunTable';
import { StatusBadge } from './StatusBadge';
import { useNow } from './useNow';
import type { Entry } from './walk';

/** Which run it is, how it stands, and what can be done with it. */
export function RunHeader({ run, entries, onShow }: { run: RunDetail; entries: readonly Entry[]; onShow: (number: string) => void }) {
  const adviceOf = useAdvice();
  const now = useNow(1000);
  const mayDesign = useMay('designer');
  const queries = useQueryClient();
  const [asksCancel, setAsksCancel] = useState(false);
  const [showsCase, setShowsCase] = useState(false);
  const cancel = useMutation({
    mutationFn: () => api.post(`/api/runs/${run.number}/cancel`),
    onSuccess: () => toast(`Run ${run.number} is cancelled`),
    onError: toastError,
    onSettled: () => {
      setAsksCancel(false);
      void queries.invalidateQueries({ queryKey: ['run'] });
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const isOver = hasEnded(run) || hasExpired(run, now);
  const wrong = entries.findLast((entry) => entry.step.error);
  const isAdmin = useMay('admin');
  const times = runTimes(run, now);

  const handled = run.errors.filter((error) => error.handled !== 'failed');
  const handledCount = handled.reduce((sum, error) => sum + error.count, 0);

  return (
    <header className="run-header">
      <Link to="/runs" className="run-back">
        <ChevronLeft aria-hidden="true" />
        Runs
      </Link>
      <div className="page-head">
        <div className="row">
          <h1>Run {run.number}</h1>
          <StatusBadge run={run} now={now} />
        </div>
        <div className="toolbar">
          {mayDesign && (
            <Button icon={<FlaskConical />} onClick={() => setShowsCase(true)}>
              Save as test case
            </Button>
          )}
          {mayDesign && !isOver && (
            <Button kind="danger" icon={<OctagonX />} onClick={() => setAsksCancel(true)}>
              Cancel run
            </Button>
          )}
        </div>
      </div>
      <dl className="run-facts">
        <Fact name="Flow">
          <Link to={`/flows/${run.flowId}`}>{text(run.definition?.['name']) || run.flowId}</Link>
        </Fact>
        <Fact name="Version">
          <Link to={`/flows/${run.flowId}/versions`}>{run.flowVersion}</Link>
        </Fact>
        {run.screen && !isOver && (
          <Fact name="Waits at the screen">
            <span title={`The screen ${run.screen.id}, at ${run.screen.activity}`}>{screenName(run)}</span>
          </Fact>
        )}
        <Fact name="Person">{run.person ? <PersonLink person={run.person} /> : '–'}</Fact>
        {run.reference && run.reference !== run.person && (
          <Fact name="Found by">
            <PersonLink person={run.reference} />
          </Fact>
        )}
        <Fact name="Started">
          <When at={run.createdAt} />
        </Fact>
        {times.worked === undefined || times.waited === undefined ? (
          <Fact name="Duration">{durationText(times.total)}</Fact>
        ) : (
          <>
            <Fact name="Processing">{durationText(times.worked)}</Fact>
            <Fact name={run.status === 'waiting' && !isOver ? 'Waiting for the person' : 'Waited for the person'}>
              {durationText(times.waited)}
            </Fact>
          </>
        )}
        {!hasEnded(run) && (
          <Fact name={isOver ? 'Expired' : 'Expires'}>
            {isOver ? <When at={run.expiresAt} /> : `in ${durationText(Date.parse(run.expiresAt) - now)}`}
          </Fact>
        )}
        <Fact name="Reference">
          <code className="run-id">{run.shortReference}</code>
          <CopyButton text={run.shortReference} label="Copy the reference" />
        </Fact>
        {run.id && (
          <Fact name="Run id">
            <code className="run-id">{run.id}</code>
            <CopyButton text={run.id} label="Copy the run id" />
          </Fact>
        )}
      </dl>
      {run.status === 'cancelled' ? (
        <Notice>
          <p>
            An operator cancelled the run.{' '}
            {isAdmin ? (
              <Link to={`/audit?subject=run:${run.number}`}>Who, and when, is in the audit log.</Link>
            ) : (
              'Whoever has the role admin sees in the audit log who did.'
            )}
          </p>
        </Notice>
      ) : (
        run.errorCode && (
          <Notice tone="danger">
            <p>
              <strong>
                {wrong?.step.error?.code === run.errorCode
                  ? wrong.step.error.message
                  : run.status === 'expired'
                    ? 'The run expired before it was finished.'
                    : 'The run failed.'}
              </strong>{' '}
              <code>{run.errorCode}</code>
            </p>
            {adviceOf(run.errorCode) && <p>{adviceOf(run.errorCode)}</p>}
            {wrong && (
              <Button size="small" kind="quiet" onClick={() => onShow(wrong.number)}>
                Show step {wrong.number}
              </Button>
            )}
          </Notice>
        )
      )}
      {handled.length > 0 && (
        <Notice tone="warning">
          <p>
            <strong>
              {handledCount === 1 ? 'A step failed, and the run went on.' : `${handledCount} times a step failed, and the run went on.`}
            </strong>
          </p>
          <ul className="plain-list">
            {handled.map((error) => {
              const entry = entries.findLast((one) => one.step.error?.code === error.code && one.step.activity === error.activity);
              return (
                <li key={`${error.activity} ${error.code} ${error.handled}`}>
                  <code>{error.code}</code>{' '}
                  {error.activity && (
                    <>
                      at <strong>{error.activity}</strong>
                    </>
                  )}
                  {error.connector && (
                    <>
                      {' '}
                      (connector <Link to={`/connectors/${error.connector}`}>{error.connector}</Link>)
                    </>
                  )}
                  , {handledText[error.handled]}
                  {error.count > 1 && `, ${error.count} times`}{' '}
                  {entry && (
                    <Button size="small" kind="quiet" onClick={() => onShow(entry.number)}>
                      Show step {entry.number}
                    </Button>
                  )}
                </li>
              );
            })}
          </ul>
          <p className="run-errors-more">
            <Link to={`/runs?errorCode=${encodeURIComponent(handled.at(-1)!.code)}`}>All runs with {handled.at(-1)!.code}</Link>
          </p>
        </Notice>
      )}
      <Confirm
        open={asksCancel}
        onClose={() => setAsksCancel(false)}
        title={`Cancel run ${run.number}?`}
        action="Cancel the run"
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
        text="Whoever is in the middle of it has to start again. This cannot be taken back."
      />
      {showsCase && <CaseDialog run={run} onClose={() => setShowsCase(false)} />}
    </header>
  );
}

const PersonLink = ({ person }: { person: string }) => <Link to={`/runs?person=${encodeURIComponent(person)}`}>{person}</Link>;

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
