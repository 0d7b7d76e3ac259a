import { PlugZap } from 'lucide-react';
import { useState } from 'react';
import { api, ApiError } from '../api/client';
import type { JsonObject } from '../api/types';
import { choiceLabelOf, sentenceAt } from '../forms';
import { useAdvice } from '../forms/useAdvice';
import { Button, Notice } from '../ui';
import { duration, type SqlTestResult } from './testRequest';

/** Connects to the database, and says which it is. */
export function SqlTestTab({
  id,
  definition,
  isUnsaved,
  errors,
  mayTest,
  result,
  onResult,
}: {
  id: string;
  definition: JsonObject;
  isUnsaved: boolean;
  errors: number;
  mayTest: boolean;
  result: SqlTestResult | undefined;
  onResult: (result: SqlTestResult | undefined) => void;
}) {
  const adviceOf = useAdvice();
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    setFailure(undefined);
    onResult(undefined);
    try {
      onResult(
        await api.post<SqlTestResult>(
          `/api/connectors/${encodeURIComponent(id || 'new')}/test`,
          isUnsaved ? { definition: id ? definition : { ...definition, id: 'new' } } : {},
        ),
      );
    } catch (error) {
      setFailure(error as Error);
    } finally {
      setBusy(false);
    }
  };
  if (!mayTest) return <Notice>Whoever has the role designer or admin can test connectors.</Notice>;
  return (
    <section className="card" aria-label="Test">
      <div className="card-body stack">
        <div>
          <h2>Try the connection</h2>
          <p className="muted">
            Connects with these settings{isUnsaved ? ', though they are not saved,' : ''} and asks the server for its version. Nothing is
            read or changed.
          </p>
        </div>
        {errors > 0 && <Notice tone="warning">The settings have problems; the test will be refused until they are solved.</Notice>}
        <div>
          <Button kind="primary" icon={<PlugZap />} busy={busy} onClick={() => void test()}>
            Connect
          </Button>
        </div>
        <div aria-live="polite">
          {result?.ok && (
            <Notice tone="success">
              <strong>Connected.</strong> {choiceLabelOf(result.engine ?? '')} {result.serverVersion}, in{' '}
              {duration(result.milliseconds ?? 0)}.
            </Notice>
          )}
          {result?.warnings?.map((warning) => (
            <Notice tone="warning" key={warning}>
              {warning}
            </Notice>
          ))}
          {result && !result.ok && result.error && (
            <Notice tone="danger">
              {result.error.message} <code>{result.error.code}</code>
              <div className="muted">{adviceOf(result.error.code, result.error.message)}</div>
            </Notice>
          )}
          {failure && (
            <Notice tone="danger" role="alert">
              <strong>{failure.message}</strong>
              {failure instanceof ApiError && failure.diagnostics.length > 0 && (
                <ul className="plain-list">
                  {failure.diagnostics.map((one, index) => (
                    <li key={index}>{sentenceAt(one)}</li>
                  ))}
                </ul>
              )}
            </Notice>
          )}
        </div>
      </div>
    </section>
  );
}
