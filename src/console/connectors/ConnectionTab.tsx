import { PlugZap } from 'lucide-react';
import { useState } from 'react';
import { api, ApiError } from '../api/client';
import type { JsonObject, Setting } from '../api/types';
import { labelOf, sentenceAt } from '../forms';
import { useAdvice } from '../forms/useAdvice';
import { Button, Notice } from '../ui';
import { duration, type ConnectionResult } from './testRequest';

/** Connects, and says to what. */
export function ConnectionTab({
  id,
  definition,
  settings,
  isUnsaved,
  errors,
  mayTest,
  result,
  onResult,
}: {
  id: string;
  definition: JsonObject;
  settings: Setting[];
  isUnsaved: boolean;
  errors: number;
  mayTest: boolean;
  result: ConnectionResult | undefined;
  onResult: (result: ConnectionResult | undefined) => void;
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
        await api.post<ConnectionResult>(
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
            Connects with these settings{isUnsaved ? ', though they are not saved,' : ''} and says what it finds. Nothing is changed.
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
              <strong>Connected.</strong> {sentenceOfFacts(result, settings)}
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

const known = new Set(['ok', 'engine', 'serverVersion', 'milliseconds', 'warnings', 'error']);

/** "PostgreSQL 17.2, in 3 ms.", with whatever else the type says. */
function sentenceOfFacts(result: ConnectionResult, settings: Setting[]): string {
  const engine = settings.flatMap((setting) => setting.options ?? []).find(({ value }) => value === result.engine)?.label ?? result.engine;
  const parts = [
    [engine, result.serverVersion].filter(Boolean).join(' '),
    ...Object.entries(result)
      .filter(([name, value]) => !known.has(name) && value !== null && typeof value !== 'object')
      .map(([name, value]) => `${labelOf(name)}: ${String(value)}`),
    result.milliseconds === undefined ? '' : `in ${duration(result.milliseconds)}`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}.` : '';
}
