import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, FlaskConical, OctagonX } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { adviceOf } from '../api/advice';
import { api } from '../api/client';
import type { RunDetail } from '../api/types';
import { useMay } from '../app/session';
import { text } from '../graph/json';
import { Button, Confirm, CopyButton, Notice, toast, toastError, When } from '../ui';
import { CaseDialog } from './CaseDialog';
import { durationText } from './duration';
import { hasEnded, hasExpired, runDuration } from './list';
import { StatusBadge } from './StatusBadge';
import { useNow } from './useNow';
import type { Entry } from './walk';

/** Which run it is, how it stands, and what can be done with it. */
export function RunHeader({ run, entries, onShow }: { run: RunDetail; entries: readonly Entry[]; onShow: (number: string) => void }) {
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

  return (
    <header className="run-header">
      <Link to="/runs" className="run-back"><ChevronLeft aria-hidden="true" />Runs</Link>
      <div className="page-head">
        <div className="row">
          <h1>Run {run.number}</h1>
          <StatusBadge run={run} now={now} />
        </div>
        <div className="toolbar">
          {mayDesign && <Button icon={<FlaskConical />} onClick={() => setShowsCase(true)}>Save as test case</Button>}
          {mayDesign && !isOver && <Button kind="danger" icon={<OctagonX />} onClick={() => setAsksCancel(true)}>Cancel run</Button>}
        </div>
      </div>
      <dl className="run-facts">
        <Fact name="Flow"><Link to={`/flows/${run.flowId}`}>{text(run.definition?.['name']) || run.flowId}</Link></Fact>
        <Fact name="Version"><Link to={`/flows/${run.flowId}/versions`}>{run.flowVersion}</Link></Fact>
        <Fact name="Person">{run.person ? <Link to={`/runs?person=${encodeURIComponent(run.person)}`}>{run.person}</Link> : '–'}</Fact>
        <Fact name="Started"><When at={run.createdAt} /></Fact>
        <Fact name="Duration">{durationText(runDuration(run, now))}</Fact>
        {!hasEnded(run) && <Fact name={isOver ? 'Expired' : 'Expires'}>{isOver ? <When at={run.expiresAt} /> : `in ${durationText(Date.parse(run.expiresAt) - now)}`}</Fact>}
        {run.id && <Fact name="Run id"><code className="run-id">{run.id}</code><CopyButton text={run.id} label="Copy the run id" /></Fact>}
      </dl>
      {run.errorCode && (
        <Notice tone="danger">
          <p>
            <strong>{wrong?.step.error?.code === run.errorCode ? wrong.step.error.message : 'The run failed.'}</strong> <code>{run.errorCode}</code>
          </p>
          {adviceOf(run.errorCode) && <p>{adviceOf(run.errorCode)}</p>}
          {wrong && <Button size="small" kind="quiet" onClick={() => onShow(wrong.number)}>Show step {wrong.number}</Button>}
        </Notice>
      )}
      <Confirm open={asksCancel} onClose={() => setAsksCancel(false)} title={`Cancel run ${run.number}?`} action="Cancel the run" busy={cancel.isPending} onConfirm={() => cancel.mutate()}
        text="Whoever is in the middle of it has to start again. This cannot be taken back." />
      {showsCase && <CaseDialog run={run} onClose={() => setShowsCase(false)} />}
    </header>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
