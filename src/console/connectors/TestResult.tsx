import { FlaskConical } from 'lucide-react';
import { useId, useState } from 'react';
import type { Json } from '../api/types';
import { JsonTree, Redacted } from '../forms';
import { losesDigits } from '../forms/jsonText';
import { useAdvice } from '../forms/useAdvice';
import { Badge, CopyButton, Empty, Input, Notice } from '../ui';
import { Handshake } from './Handshake';
import { duration, type HttpTestResult } from './testRequest';
import { TimingBar } from './TimingBar';

/** What a test found out: status and time, the answer, the context it would write, the request as it was sent. */
export function TestResult({ result }: { result: HttpTestResult | undefined }) {
  const adviceOf = useAdvice();
  const [key, setKey] = useState('test');
  const id = useId();
  if (!result)
    return (
      <div className="card">
        <Empty icon={<FlaskConical />} title="Nothing sent yet">
          The request as it was sent, the answer, the context it would write and where the time went are shown here.
        </Empty>
      </div>
    );
  const { token, request, response, context, error, timings } = result;
  const contextKey = key.trim() || 'test';
  const advice = error && adviceOf(error.code, error.message);
  return (
    <>
      <section className="card" aria-label="Outcome">
        <div className="card-body stack">
          <div className="row">
            {response && (
              <Badge tone={response.statusCode < 300 ? 'success' : response.statusCode < 500 ? 'warning' : 'danger'}>
                {response.statusCode} {statusNames[response.statusCode] ?? ''}
              </Badge>
            )}
            <strong>{result.ok ? 'Success' : (error?.event ?? 'Failed')}</strong>
            {error && <code>{error.code}</code>}
          </div>
          {error && (
            <Notice tone={response ? 'warning' : 'danger'}>
              {error.message}
              {advice && <div className="muted">{advice}</div>}
            </Notice>
          )}
          {timings && <TimingBar timings={timings} tokenMs={token?.milliseconds ?? null} />}
        </div>
      </section>

      {response && (
        <section className="card" aria-label="Answer">
          <div className="card-head">
            <h2>Answer</h2>
            {response.body !== '' && <CopyButton text={response.body} label="Copy the body" />}
          </div>
          <div className="card-body stack">
            <Headers headers={response.headers} label="Answer headers" />
            {response.body === '' ? (
              <p className="muted">No body.</p>
            ) : (
              <pre className="code-block" data-wrap tabIndex={0} aria-label="Answer body">
                <Redacted text={pretty(response.body)} />
              </pre>
            )}
          </div>
        </section>
      )}

      {result.tls && <Handshake tls={result.tls} />}

      {context !== undefined && context !== null && (
        <section className="card" aria-label="Context">
          <div className="card-head">
            <h2>Context it would write</h2>
            <div className="input-group">
              <label className="field-hint" htmlFor={id}>
                Context key
              </label>
              <Input
                id={id}
                mono
                className="key-input"
                value={key}
                onChange={(event) => setKey(event.target.value.replace(/[^\w-]/g, ''))}
              />
            </div>
          </div>
          <div className="card-body stack">
            <p className="field-hint">Point at a line and copy its path, for templates and conditions.</p>
            <JsonTree value={context as Json} label="Context it would write" at={['connectors', contextKey]} depth={4} />
          </div>
        </section>
      )}

      {token && (
        <section className="card" aria-label="Token request">
          <div className="card-head">
            <h2>Token request</h2>
            <span className="muted">{duration(token.milliseconds)}</span>
          </div>
          <div className="card-body stack">
            <pre className="code-block" data-wrap tabIndex={0} aria-label="Token request line">
              {token.method} <Redacted text={token.url} />
            </pre>
            <p className="field-hint">
              It went before the request, and the token goes along with it. In flows a token is used until it expires, and asked for again
              only then.
            </p>
          </div>
        </section>
      )}

      {request && (
        <section className="card" aria-label="Request as sent">
          <div className="card-head">
            <h2>Request as sent</h2>
            <CopyButton text={`${request.method} ${request.url}`} label="Copy method and URL" />
          </div>
          <div className="card-body stack">
            <pre className="code-block" data-wrap tabIndex={0} aria-label="Request line">
              {request.method} <Redacted text={request.url} />
            </pre>
            <Headers headers={request.headers} label="Request headers" />
            {request.body !== null && request.body !== '' && (
              <pre className="code-block" data-wrap tabIndex={0} aria-label="Request body">
                <Redacted text={request.body} />
              </pre>
            )}
          </div>
        </section>
      )}
    </>
  );
}

function Headers({ headers, label }: { headers: Record<string, string>; label: string }) {
  const entries = Object.entries(headers);
  if (entries.length === 0) return null;
  return (
    <table className="headers" aria-label={label}>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <Redacted text={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** JSON indented, as long as that loses no digit; anything else as it is. */
function pretty(text: string): string {
  try {
    return losesDigits(text) ? text : JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const statusNames: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
