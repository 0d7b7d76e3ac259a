import { Play, RotateCcw, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../api/client';
import type { Json, JsonObject, Step, TryAnswer } from '../../api/types';
import { CodeEditor, JsonTree } from '../../forms';
import { isObject, objects, text } from '../../graph/json';
import { componentTypeOf, inputsOf, interactionsOf } from '../../graph/ports';
import { Badge, Button, Disclosure, Field, IconButton, Input, Notice, Segmented, Select, Switch } from '../../ui';
import { KindIcon } from '../../canvas/kinds';
import { FailureNotice } from './FailureNotice';
import { useDesigner, useDesignerStore } from './store';
import {
  callers,
  keptForm,
  loadInputs,
  replyHint,
  requestOf,
  runOf,
  sampleClient,
  sampleReply,
  saveInputs,
  type TryInputs,
  type TryRequest,
} from './tries';
import { usualOfTry } from './whatIf';

const modes = [
  { value: 'live', label: 'Live connectors' },
  { value: 'scripted', label: 'Scripted replies' },
];
const root: string[] = [];
const tones = {
  completed: 'success',
  refused: 'warning',
  failed: 'danger',
  cancelled: 'warning',
  expired: 'warning',
  waiting: 'info',
  running: 'info',
} as const;
const endings = {
  completed: 'completed',
  refused: 'was refused',
  failed: 'failed',
  cancelled: 'was cancelled',
  expired: 'expired',
  running: 'goes on',
} as const;

/** Runs the draft with sample answers. Nothing is stored, and no token is issued. */
export function TryPanel() {
  const store = useDesignerStore();
  const catalogue = useDesigner((state) => state.catalogue);
  const flow = useDesigner((state) => state.flow);
  const flowId = useDesigner((state) => state.flowId);
  const [inputs, setInputs] = useState<TryInputs>(() => loadInputs(flowId));
  const [answer, setAnswer] = useState<TryAnswer>();
  const [running, setRunning] = useState<{ request: TryRequest; flow: JsonObject }>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const [chosen, setChosen] = useState<number>();
  const [given, setGiven] = useState<JsonObject[]>([]);
  const result = useRef<HTMLDivElement>(null);

  const items = useMemo(() => callers(flow, catalogue), [flow, catalogue]);
  const change = (next: TryInputs) => {
    setInputs(next);
    saveInputs(flowId, next);
  };

  useEffect(() => () => store.getState().set({ tryPath: undefined }), [store]);
  useEffect(() => {
    if (!answer) return;
    store.getState().set({ tryContext: answer.context, tryPath: runOf(answer, store.getState().flow, store.getState().catalogue) });
    // What if something failed is asked of what went well here.
    if (running) store.getState().set({ tryCase: usualOfTry(running.request.client, given, answer.trace, store.getState().catalogue) });
  }, [answer, running, given, store]);

  const call = async (body: object) => {
    setBusy(true);
    setFailure(undefined);
    try {
      const next = await api.post<TryAnswer>('/api/flows/try', body);
      setAnswer(next);
      setChosen(undefined);
      store
        .getState()
        .announce(next.status === 'waiting' ? `Waits at the screen ${text(next.screen?.['id'])}` : `The try ${endings[next.status]}`);
      requestAnimationFrame(() => result.current?.scrollIntoView({ block: 'nearest' }));
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  const start = () => {
    const made = requestOf(flow, inputs, catalogue);
    if ('problem' in made) {
      setFailure(new Error(made.problem));
      return;
    }
    setRunning({ request: made.request, flow });
    setAnswer(undefined);
    setGiven([]);
    void call({ definition: flow, ...made.request, answers: [] });
  };
  const submit = (interaction: string, form: JsonObject) => {
    const screen = text(answer?.screen?.['id']);
    change({ ...inputs, forms: { ...inputs.forms, [screen]: keptForm(answer?.screen, form) } });
    setGiven([...given, { screen, interaction, form }]);
    void call({ definition: running!.flow, ...running!.request, answers: [{ screen, interaction, form }], continue: answer?.continue });
  };

  return (
    <div className="inspector-content">
      <header className="inspector-head">
        <div className="inspector-words">
          <h2>Try the draft</h2>
          <p className="muted">Nothing is stored, and no token is issued.</p>
        </div>
        <IconButton
          size="small"
          label="Close the try"
          icon={<X size={15} />}
          onClick={() => store.getState().set({ side: 'inspector', tryPath: undefined })}
        />
      </header>

      <Segmented
        aria-label="Connectors of the try"
        options={modes}
        value={inputs.mode}
        onChange={(mode) => change({ ...inputs, mode: mode as TryInputs['mode'] })}
      />
      <p className="field-hint">
        {inputs.mode === 'live'
          ? 'Connectors are called for real: what they change is changed.'
          : 'No connector is called: each activity gets the replies written here, in order.'}
      </p>

      {inputs.mode === 'scripted' && (
        <section aria-label="Replies" className="stack">
          {items.length === 0 && <p className="muted">This flow calls no connector.</p>}
          {items.map((item) => {
            const id = text(item['id']);
            return (
              <Disclosure
                key={id}
                folded={items.length > 2}
                title={
                  <span className="inner-title">
                    <KindIcon type={text(item['type'])} size={14} />
                    {id}
                  </span>
                }
              >
                <CodeEditor
                  label={`Replies of ${id}`}
                  language="json"
                  lines={4}
                  value={inputs.replies[id] ?? sampleReply(item, catalogue)}
                  onChange={(value) => change({ ...inputs, replies: { ...inputs.replies, [id]: value } })}
                />
                <p className="field-hint">
                  <code>{replyHint(item, catalogue)}</code> or <code>{'{ "error": { "event", "code" } }'}</code>
                </p>
              </Disclosure>
            );
          })}
        </section>
      )}

      <Disclosure title="Inputs of the flow" folded={!isObject(flow['inputs'])}>
        <CodeEditor
          label="Inputs of the flow"
          language="json"
          lines={3}
          value={inputs.client || sampleClient(flow)}
          onChange={(client) => change({ ...inputs, client })}
        />
        <p className="field-hint">
          They stand at <code>client.*</code>.
        </p>
      </Disclosure>

      <div className="row">
        <Button kind="primary" icon={answer ? <RotateCcw /> : <Play />} busy={busy} onClick={start}>
          {answer ? 'Start again' : 'Start'}
        </Button>
        {answer && <Badge tone={tones[answer.status]}>{answer.status}</Badge>}
        {answer && running?.flow !== flow && <span className="muted">The flow changed since.</span>}
      </div>

      {failure && <FailureNotice failure={failure} />}

      <div ref={result} className="stack">
        {answer?.status === 'waiting' && answer.screen && (
          <TryScreen
            key={answer.path.length}
            screen={answer.screen}
            initial={inputs.forms[text(answer.screen['id'])] ?? {}}
            busy={busy}
            onSubmit={submit}
          />
        )}
        {answer?.error && (
          <Notice tone={answer.status === 'failed' ? 'danger' : 'warning'}>
            <strong>{answer.error.code}</strong>
            {answer.error.activity && <> in {answer.error.activity}</>}: {answer.error.message}
          </Notice>
        )}
        {answer?.message && <Notice tone={answer.status === 'refused' ? 'warning' : 'info'}>{answer.message}</Notice>}
        {answer && (answer.status === 'completed' || answer.status === 'refused') && <Result answer={answer} />}
        {answer && (
          <section aria-label="Steps" className="inspector-section">
            <h3>Steps</h3>
            <ol className="try-steps">
              {answer.trace.map((step, index) => (
                <TryStep
                  key={index}
                  step={step}
                  isOpen={chosen === index}
                  onToggle={() => {
                    setChosen(chosen === index ? undefined : index);
                    store.getState().select([step.activity]);
                  }}
                />
              ))}
            </ol>
          </section>
        )}
        {answer && (
          <Disclosure title="Context" folded>
            <JsonTree value={answer.context} label="Context" at={root} depth={1} />
          </Disclosure>
        )}
      </div>
    </div>
  );
}

/** The screen that the try waits at, as a plain form. */
function TryScreen({
  screen,
  initial,
  busy,
  onSubmit,
}: {
  screen: JsonObject;
  initial: JsonObject;
  busy: boolean;
  onSubmit: (interaction: string, form: JsonObject) => void;
}) {
  const catalogue = useDesigner((state) => state.catalogue);
  const components = objects(screen['components']);
  const state = isObject(screen['state']) ? screen['state'] : {};
  const [form, setForm] = useState<JsonObject>(() =>
    Object.fromEntries(
      inputsOf(screen, catalogue).map((component) => {
        const name = text(component['name']);
        const shown = isObject(state['form']) ? state['form'][name] : undefined;
        const empty = componentTypeOf(component, catalogue)?.input === 'yesOrNo' ? false : '';
        return [name, shown ?? initial[name] ?? component['default'] ?? empty];
      }),
    ),
  );
  const outcomes = interactionsOf(screen, catalogue);
  const interactions = components.filter((component) => outcomes.includes(text(component['id'])));
  const first = outcomes[0] ?? '';
  return (
    <form
      className="try-screen"
      aria-label={`Screen ${text(screen['id'])}`}
      onSubmit={(event) => {
        event.preventDefault();
        const by = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value');
        onSubmit(by || first, form);
      }}
    >
      <div className="try-screen-title">{text(screen['title']) || text(screen['id'])}</div>
      {text(state['errorText']) && <Notice tone="warning">{text(state['errorText'])}</Notice>}
      {components.map((component, index) => {
        const type = componentTypeOf(component, catalogue);
        const name = text(component['name']);
        if (!type?.input) return type?.interaction || type?.showsErrors ? null : <p key={index}>{text(component['text'])}</p>;
        const label = text(component['label']) || name;
        if (type.input === 'yesOrNo')
          return (
            <Switch
              key={index}
              label={label}
              checked={form[name] === true}
              onChange={(event) => setForm({ ...form, [name]: event.target.checked })}
            />
          );
        return (
          <Field label={label} key={index} required={component['required'] === true}>
            {(input) =>
              type.input === 'choice' ? (
                <Select id={input.id} value={text(form[name])} onChange={(event) => setForm({ ...form, [name]: event.target.value })}>
                  <option value="" />
                  {objects(component['options']).map((option) => (
                    <option value={text(option['value'])} key={text(option['value'])}>
                      {text(option['text']) || text(option['value'])}
                    </option>
                  ))}
                </Select>
              ) : (
                <Input
                  id={input.id}
                  type={component['sensitive'] === true ? 'password' : 'text'}
                  autoComplete="off"
                  value={text(form[name])}
                  onChange={(event) => setForm({ ...form, [name]: event.target.value })}
                />
              )
            }
          </Field>
        );
      })}
      <div className="row">
        {interactions.map((component, index) => (
          <Button
            type="submit"
            value={text(component['id'])}
            kind={index === 0 ? 'primary' : 'default'}
            busy={busy}
            key={text(component['id'])}
          >
            {text(component['text']) || text(component['id'])}
          </Button>
        ))}
      </div>
    </form>
  );
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (isObject(value) && Object.keys(value).length === 0);

function Result({ answer }: { answer: TryAnswer }) {
  return (
    <section aria-label="Result" className="try-result">
      {(
        [
          ['Outputs', answer.outputs],
          ['User', answer.user],
          ['Claims', answer.claims],
        ] as const
      ).map(([title, value]) =>
        isEmpty(value) ? null : (
          <div key={title}>
            <h3>{title}</h3>
            <JsonTree value={value ?? null} label={title} />
          </div>
        ),
      )}
    </section>
  );
}

function TryStep({ step, isOpen, onToggle }: { step: Step; isOpen: boolean; onToggle: () => void }) {
  return (
    <li className="try-step" data-failed={step.error ? true : undefined}>
      <button type="button" aria-expanded={isOpen} onClick={onToggle}>
        <KindIcon type={step.type} size={13} />
        <span className="try-step-name">{step.activity}</span>
        <span className="muted">{[step.outcome, step.error?.code].filter(Boolean).join(' · ')}</span>
        <span className="muted number">{step.durationMs < 10 ? step.durationMs.toFixed(1) : Math.round(step.durationMs)} ms</span>
      </button>
      {isOpen && (
        <div className="try-step-body">
          {step.error && <Notice tone="danger">{step.error.message}</Notice>}
          {step.warnings?.map((warning, index) => (
            <Notice tone="warning" key={index}>
              {warning.message}
            </Notice>
          ))}
          {!isEmpty(step.input) && (
            <>
              <h4>Input</h4>
              <JsonTree value={step.input!} label={`Input of ${step.activity}`} />
            </>
          )}
          {!isEmpty(step.output) && (
            <>
              <h4>Output</h4>
              <JsonTree value={step.output!} label={`Output of ${step.activity}`} />
            </>
          )}
          {step.children?.map((child, index) => (
            <div key={index}>
              <h4>{child.activity}</h4>
              <JsonTree
                label={child.activity}
                value={{
                  ...(child.outcome && { outcome: child.outcome }),
                  ...(child.input !== undefined && { input: child.input }),
                  ...(child.output !== undefined && { output: child.output }),
                  ...(child.error && { error: { ...child.error } }),
                }}
              />
            </div>
          ))}
          {isEmpty(step.input) && isEmpty(step.output) && !step.error && <p className="muted">Nothing was written down for this step.</p>}
        </div>
      )}
    </li>
  );
}
