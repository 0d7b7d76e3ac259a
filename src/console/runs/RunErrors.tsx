import { CircleX, TriangleAlert } from 'lucide-react';
import type { RunHead } from '../api/types';

/** The latest error of a run and where it was, in the list: in red where it ended the run, in yellow where the flow went on. */
export function RunErrors({ run }: { run: RunHead }) {
  const latest = run.errors.at(-1);
  if (!latest) return run.errorCode ? <code className="run-error">{run.errorCode}</code> : <span className="muted">–</span>;
  const hasFailed = latest.handled === 'failed';
  const Icon = hasFailed ? CircleX : TriangleAlert;
  return (
    <span
      className="run-errors"
      title={run.errors
        .map(
          (error) =>
            `${error.code}${error.activity && ` at ${error.activity}`}, ${handledText[error.handled]}${error.count > 1 ? `, ${error.count} times` : ''}`,
        )
        .join('\n')}
    >
      <Icon aria-label={hasFailed ? 'Failed:' : 'Error, and the run went on:'} className={hasFailed ? 'is-danger' : 'is-warning'} />
      <code className={hasFailed ? 'run-error' : undefined}>{latest.code}</code>
      {latest.activity && <span className="muted">{latest.activity}</span>}
      {run.errorCount > 1 && <span className="muted">× {run.errorCount}</span>}
    </span>
  );
}

/** What followed an error, in words. */
export const handledText = {
  automatic: 'back to the screen with a message',
  custom: 'taken by an outcome of its own',
  ignore: 'ignored',
  outcome: 'taken by the outcome that names it',
  failed: 'it ended the run',
} as const;
