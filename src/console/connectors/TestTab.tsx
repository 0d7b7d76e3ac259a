import { ClipboardPaste, Send, SquareTerminal } from 'lucide-react';
import { useId, useMemo, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import type { Diagnostic, JsonObject, Schema, Setting } from '../api/types';
import { CodeEditor, FormContext, problemsAt, problemsWithin, sentenceAt, TemplateInput } from '../forms';
import { SettingField } from '../forms/SettingField';
import { isObject } from '../graph/json';
import { Button, CopyButton, Disclosure, Field, Notice, Segmented, Select } from '../ui';
import { RowsEditor } from './RowsEditor';
import { samplePaths } from './samplePaths';
import { TestResult } from './TestResult';
import { placed, roots, toSend, type BodyType, type HttpTestResult, type TestRequest } from './testRequest';
import type { TryOut } from './tryOut';

interface Props {
  /** Whether the settings of the form differ from those that are stored; then these are tested. */
  isUnsaved: boolean;
  errors: number;
  /** Where requests go. */
  baseUrl: string;
  mayTest: boolean;
  tryOut: TryOut;
  /** The setting that has the parts of a body; undefined where there is none. */
  part: Setting | undefined;
  definitions: Schema['definitions'];
  request: TestRequest;
  onRequest: (request: TestRequest) => void;
  result: HttpTestResult | undefined;
  onResult: (result: HttpTestResult | undefined) => void;
  onPaste: () => void;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const bodyTypes: { value: BodyType; label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'json', label: 'JSON' },
  { value: 'form', label: 'Form' },
  { value: 'text', label: 'Text' },
  { value: 'multipart', label: 'Parts' },
  { value: 'binary', label: 'Base64' },
];
const placeholders = {
  none: '',
  json: '{ "name": "{{form.name}}" }',
  form: '{ "name": "{{form.name}}" }',
  text: 'Text; templates may stand in it',
  multipart: '',
  binary: 'The bytes in base64, such as {{form.file}}',
};
const form = { disabled: false, editorOf: () => undefined };

/** Sends one request with the connector's settings, saved or not, and shows everything about it. */
export function TestTab({
  isUnsaved,
  errors,
  baseUrl,
  mayTest,
  tryOut,
  part,
  definitions,
  request,
  onRequest,
  result,
  onResult,
  onPaste,
}: Props) {
  const [problems, setProblems] = useState<Diagnostic[]>([]);
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const [command, setCommand] = useState<string>();
  const running = useRef<AbortController>(undefined);
  const area = useId();
  const base = baseUrl.replace(/\/+$/, '');
  const paths = useMemo(() => samplePaths(request.context), [request.context]);
  const set = (members: Partial<TestRequest>) => onRequest({ ...request, ...members });

  const run = async (more: JsonObject, take: (answer: HttpTestResult) => void) => {
    const made = toSend(request);
    setFailure(undefined);
    setProblems([]);
    setCommand(undefined);
    if ('problems' in made) return setProblems(made.problems);
    running.current = new AbortController();
    setBusy(true);
    try {
      const answer = await tryOut({ ...made.body, ...more }, running.current.signal);
      setProblems((answer.problems ?? []).map(placed));
      take(answer);
    } catch (error) {
      if (!running.current.signal.aborted) setFailure(error as Error);
    } finally {
      setBusy(false);
    }
  };
  const send = () => run({}, onResult);
  const tell = () => run({ curl: true }, ({ curl }) => setCommand(curl));

  if (!mayTest) return <Notice>Whoever has the role designer or admin can send test requests.</Notice>;
  const problemsOf = (name: string) => problemsWithin(problems, `/${name}`);
  const elsewhere = problems.filter((one) => !/^\/(method|endpoint|query|headers|body|bodyType|parts|context)(\/|$)/.test(one.pointer));
  return (
    <FormContext value={{ ...form, definitions, diagnostics: problems, paths }}>
      <div className="test-tab">
        <form
          className="card test-request"
          aria-label="Test request"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void send();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !busy) {
              event.preventDefault();
              event.stopPropagation();
              void send();
            }
          }}
        >
          <div className="card-head">
            <h2>Request</h2>
            <Button size="small" icon={<ClipboardPaste />} onClick={onPaste}>
              Paste cURL
            </Button>
          </div>
          <div className="card-body stack">
            {isUnsaved && errors === 0 && (
              <p className="field-hint">The settings as they stand in the form are tested, though they are not saved.</p>
            )}
            {errors > 0 && <Notice tone="warning">The settings have problems; the test will be refused until they are solved.</Notice>}
            <div className="request-line">
              <Field label="Method" problems={problemsOf('method')}>
                {(input) => (
                  <Select {...input} value={request.method} onChange={(event) => set({ method: event.target.value })}>
                    {methods.map((method) => (
                      <option key={method}>{method}</option>
                    ))}
                  </Select>
                )}
              </Field>
              <Field label="Endpoint" problems={problemsOf('endpoint')}>
                {(input) => (
                  <TemplateInput
                    {...input}
                    value={request.endpoint}
                    isLine
                    placeholder="/users/{{form.id}}?expand=tier"
                    onChange={(endpoint) => set({ endpoint })}
                  />
                )}
              </Field>
            </div>
            <p className="base-url" title={base}>
              {base ? (
                <>
                  Added to the base URL <code>{base}</code>
                </>
              ) : (
                'Added to the base URL, which is not set yet'
              )}
            </p>
            <RowsEditor
              name="query"
              label="Query"
              description="Added to the endpoint’s own; values are encoded."
              rows={request.query}
              onChange={(query) => set({ query })}
              diagnostics={problems}
              paths={paths}
            />
            <RowsEditor
              name="headers"
              label="Headers"
              description="They replace those of the connector."
              rows={request.headers}
              onChange={(headers) => set({ headers })}
              diagnostics={problems}
              paths={paths}
            />
            <div className="field">
              <div className="field-label">
                <span id={`${area}-body`}>Body</span>
              </div>
              <Segmented
                aria-labelledby={`${area}-body`}
                options={bodyTypes}
                value={request.bodyType}
                onChange={(type) => set({ bodyType: type as BodyType })}
              />
              {request.bodyType === 'multipart' && part && (
                <SettingField
                  setting={part}
                  label="Parts"
                  pointer="/parts"
                  value={request.parts}
                  onChange={(parts) => set({ parts: Array.isArray(parts) ? parts.filter(isObject) : [] })}
                />
              )}
              {request.bodyType !== 'none' && request.bodyType !== 'multipart' && (
                <CodeEditor
                  label={`Body, ${request.bodyType}`}
                  language={request.bodyType === 'text' || request.bodyType === 'binary' ? 'text' : 'json'}
                  value={request.body}
                  paths={paths}
                  placeholder={placeholders[request.bodyType]}
                  onChange={(body) => set({ body })}
                />
              )}
              {[...problemsOf('body'), ...problemsAt(problems, '/bodyType')].map((problem, index) => (
                <div className="field-problem" data-severity={problem.severity} key={index}>
                  {problem.message}
                </div>
              ))}
            </div>
            <Disclosure title="Sample context" folded={request.context === '' && problemsOf('context').length === 0}>
              <div className="field">
                <CodeEditor
                  label="Sample context"
                  language="json"
                  value={request.context}
                  placeholder={'{ "form": { "email": "ada@example.com" } }'}
                  onChange={(context) => set({ context })}
                />
                <div className="field-hint">
                  What templates such as {'{{form.email}}'} find, by root: {roots.join(', ')}.
                </div>
                {problemsOf('context').map((problem, index) => (
                  <div className="field-problem" data-severity={problem.severity} key={index}>
                    {problem.message}
                  </div>
                ))}
              </div>
            </Disclosure>
            {elsewhere.map((one, index) => (
              <div className="field-problem" data-severity={one.severity} key={index}>
                {sentenceAt(one)}
              </div>
            ))}
            <div className="row">
              <Button kind="primary" type="submit" icon={<Send />} busy={busy}>
                Send
              </Button>
              <Button icon={<SquareTerminal />} disabled={busy} onClick={() => void tell()}>
                Show as cURL
              </Button>
              {busy && (
                <Button kind="quiet" onClick={() => running.current?.abort()}>
                  Cancel
                </Button>
              )}
            </div>
          </div>
        </form>
        <div className="test-answer" aria-live="polite" aria-busy={busy}>
          {failure && <Refusal error={failure} />}
          {command !== undefined && (
            <section className="card" aria-label="cURL command">
              <div className="card-head">
                <h2>cURL command</h2>
                <CopyButton text={command} label="Copy the command" />
              </div>
              <div className="card-body stack">
                <pre className="code-block" data-wrap tabIndex={0} aria-label="Command">
                  {command}
                </pre>
                <p className="field-hint">Secrets are variables of the shell: set them before you run it.</p>
              </div>
            </section>
          )}
          {problems.some((one) => one.severity === 'error') ? (
            <Notice tone="danger">Nothing was sent: see the problems at the request’s fields.</Notice>
          ) : (
            <TestResult result={result} />
          )}
        </div>
      </div>
    </FormContext>
  );
}

/** Why the server did not even try. */
function Refusal({ error }: { error: Error }) {
  const found = error instanceof ApiError ? error.diagnostics.filter((one) => one.severity === 'error') : [];
  return (
    <Notice tone="danger" role="alert">
      <strong>{error.message}</strong>
      {found.length > 0 && (
        <ul className="plain-list">
          {found.map((one, index) => (
            <li key={index}>{sentenceAt(one)}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
