import { useId, useState } from 'react';
import { ApiError } from '../api/client';
import type { Diagnostic } from '../api/types';
import { Redacted } from '../forms';
import { Button, Notice, TextArea } from '../ui';
import { differenceOf } from './difference';
import type { Finding, HttpTestResult } from './testRequest';
import type { TryOut } from './tryOut';

interface Props {
  /** Which of the connector's signatures is looked at. */
  kind: 'hmac' | 'messageSignature';
  tryOut: TryOut;
  /** What was signed in the last test, and its signature: where that is the request that was pasted, what differs is known for sure. */
  last: { signed: string; signature: string } | undefined;
}

/** A request as a server received it, pasted: which key signed it, and the first line and byte that differ from what was signed. */
export function Received({ kind, tryOut, last }: Props) {
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<{ text: string; result: HttpTestResult }>();
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const id = useId();

  const check = async () => {
    setBusy(true);
    setFailure(undefined);
    setAnswer(undefined);
    try {
      setAnswer({ text, result: await tryOut({ received: text }) });
    } catch (error) {
      setFailure(error as Error);
    } finally {
      setBusy(false);
    }
  };

  const finding = answer?.result.received?.[kind];
  const problems: Diagnostic[] = [...(answer?.result.problems ?? []), ...(failure instanceof ApiError ? failure.diagnostics : [])].filter(
    ({ severity }) => severity === 'error',
  );
  return (
    <section className="card" aria-label="A request that your server got">
      <div className="card-head">
        <h2>A request that your server got</h2>
      </div>
      <form
        className="card-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '' && !busy) void check();
        }}
      >
        <div className="field">
          <label htmlFor={id}>Paste the request that it got</label>
          <TextArea
            id={id}
            mono
            rows={7}
            value={text}
            aria-describedby={`${id}-hint`}
            placeholder={'POST /users HTTP/1.1\nhost: api.example.com\n…\n\n{"name":"Ada"}'}
            onChange={(event) => setText(event.target.value)}
          />
          <p className="field-hint" id={`${id}-hint`}>
            As raw text: request line, headers, an empty line, the body. It is held against the connector’s keys; nothing is sent.
          </p>
        </div>
        <div className="row">
          <Button type="submit" busy={busy} disabled={text.trim() === ''}>
            Find the key
          </Button>
        </div>
        <div className="stack" aria-live="polite">
          {(failure ?? (answer && problems.length > 0)) && (
            <Notice tone="danger" role="alert">
              {problems.length > 0 ? problems.map(({ message, advice }) => `${message} ${advice}`).join(' ') : failure!.message}
            </Notice>
          )}
          {answer?.result.error && <Notice tone="danger">{answer.result.error.message}</Notice>}
          {finding && <Found finding={finding} kind={kind} last={answer.text.includes(last?.signature ?? '\n\n\n') ? last : undefined} />}
        </div>
      </form>
    </section>
  );
}

function Found({ finding, kind, last }: { finding: Finding; kind: Props['kind']; last: Props['last'] }) {
  const theirs = finding.base?.join('\n') ?? finding.signedText;
  // What the key confirms comes first; then what the last test signed, if it is that request.
  const known = last && theirs !== undefined ? differenceOf(last.signed, theirs) : undefined;
  const difference =
    finding.difference ??
    (known && {
      line: known.line,
      byte: known.byte,
      element: undefined,
      sent: known.ours ?? 'no such line',
      received: known.theirs ?? 'no such line',
    });
  const key = kind === 'hmac' ? `The HMAC secret ${finding.key}` : `The key ${finding.key}`;
  return (
    <>
      <Notice tone={finding.verifies ? 'success' : 'warning'} role="status">
        <strong>
          {finding.verifies
            ? `${key} verifies it.`
            : finding.key === null
              ? 'No key of this connector verifies it.'
              : `${key} signed it, but it is not what was signed.`}
        </strong>{' '}
        {finding.reason} {!finding.difference && known?.reason}
        {difference && (
          <>
            <br />
            The first difference is in line {difference.line}, at byte {difference.byte}
            {difference.element !== undefined && (
              <>
                {' '}
                (<code>{difference.element}</code>)
              </>
            )}
            .
            <br />
            Signed:{' '}
            <code className="break">
              <Redacted text={difference.sent} />
            </code>
            <br />
            Received:{' '}
            <code className="break">
              <Redacted text={difference.received} />
            </code>
          </>
        )}
      </Notice>
      {finding.notes?.map((note, index) => (
        <Notice tone="warning" key={index}>
          {note}
        </Notice>
      ))}
      {theirs !== undefined && !finding.verifies && (
        <div>
          <p className="muted">What your server verifies:</p>
          <pre className="code-block" data-wrap tabIndex={0} aria-label="What your server verifies">
            <Redacted text={theirs} />
          </pre>
        </div>
      )}
    </>
  );
}
