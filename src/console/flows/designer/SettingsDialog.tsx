import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { parseJson, writeJson } from '../../api/json';
import type { Json, JsonObject, Schema, Setting } from '../../api/types';
import { CodeEditor, sameJson, useSchema } from '../../forms';
import { setFlowMember } from '../../graph/edit';
import { enteredOf, valueOf } from '../../graph/conditions';
import { activities, startOf } from '../../graph/flow';
import { isObject, text, withMember } from '../../graph/json';
import { uniqueId } from '../../graph/ids';
import { longestOf, waitText } from '../../graph/waits';
import { Button, Dialog, Field, IconButton, Input, Select, Switch, Tabs, TextArea, type Problem } from '../../ui';
import { AcceptedBy } from './AcceptedBy';
import { NameInput } from './IdField';
import { useKnown } from './known';
import { askCallers, removeNamed, renameNamed } from './renames';
import { useDesigner, useDesignerStore } from './store';

/** What counts where a flow says nothing of an option or a member of one: the server tells it. */
function defaultOf(schema: Schema | undefined, ...names: string[]): string {
  let found: Setting | undefined;
  let among = schema?.options;
  for (const name of names) {
    found = among?.find((setting) => setting.name === name);
    among = found?.definition === undefined ? undefined : schema?.definitions[found.definition];
  }
  return found?.default === undefined ? '' : String(found.default);
}

/** What belongs to the flow as a whole: name, inputs, tokens, redirect addresses, texts in other languages. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const store = useDesignerStore();
  const { flows } = useKnown();
  const schema = useSchema().data;
  const flow = useDesigner((state) => state.flow);
  const readOnly = useDesigner((state) => state.readOnly);
  const problems = useDesigner((state) => state.problems);
  const longest = longestOf(useDesigner((state) => state.waits));
  const [tab, setTab] = useState('general');
  const set = (name: string, value: Json | undefined) =>
    store.getState().apply(`Change ${name} of the flow`, (before) => setFlowMember(before, name, value), `flow ${name}`);
  const at = (pointer: string): Problem[] =>
    problems
      .filter(
        (problem) => !problem.activity && !problem.screen && (problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`)),
      )
      .map((problem) => ({ message: `${problem.message} ${problem.advice}`, severity: problem.severity }));
  const tokens = isObject(flow['tokens']) ? flow['tokens'] : {};
  const setToken = (name: string, value: Json | undefined) => {
    const next = withMember(tokens, name, value);
    set('tokens', Object.keys(next).length ? next : undefined);
  };
  const redirects = textsOf(flow['redirectUris']);
  const accepted = textsOf(flow['accepts']);

  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title="Flow settings"
      actions={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <fieldset className="bare-fieldset" disabled={readOnly}>
        <Tabs
          label="Flow settings"
          value={tab}
          onChange={setTab}
          tabs={[
            {
              id: 'general',
              label: 'General',
              content: (
                <div className="stack">
                  <Field label="ID" hint="It stands in addresses and in other flows, so it stays.">
                    {(input) => <Input {...input} mono value={text(flow['id'])} readOnly />}
                  </Field>
                  <Field label="Name" problems={at('/name')}>
                    {(input) => <Input {...input} value={text(flow['name'])} onChange={(event) => set('name', event.target.value)} />}
                  </Field>
                  <Field label="Description">
                    {(input) => (
                      <TextArea
                        {...input}
                        rows={3}
                        value={text(flow['description'])}
                        onChange={(event) => set('description', event.target.value || undefined)}
                      />
                    )}
                  </Field>
                  <Field label="Begins with" problems={at('/start')}>
                    {(input) => (
                      <Select {...input} value={startOf(flow)} onChange={(event) => set('start', event.target.value)}>
                        {activities(flow).map((item) => (
                          <option value={text(item['id'])} key={text(item['id'])}>
                            {text(item['id'])} ({text(item['type'])})
                          </option>
                        ))}
                      </Select>
                    )}
                  </Field>
                  <Field
                    label="Who may start it"
                    hint="With the management key only: sign-in pages, web component and API refuse everybody else."
                    problems={at('/access')}
                  >
                    {(input) => (
                      <Select {...input} value={text(flow['access'])} onChange={(event) => set('access', event.target.value || undefined)}>
                        <option value="">Anybody if it has a screen, else with the key (default)</option>
                        <option value="public">Anybody</option>
                        <option value="key">With the management key only</option>
                      </Select>
                    )}
                  </Field>
                  <Field
                    label="Durability"
                    hint="When a run is stored: before each screen, or also after every activity, so that a crash loses nothing in between."
                    problems={at('/durability')}
                  >
                    {(input) => (
                      <Select
                        {...input}
                        value={text(flow['durability']) || 'screen'}
                        onChange={(event) => set('durability', event.target.value === 'screen' ? undefined : event.target.value)}
                      >
                        <option value="screen">Before each screen (default)</option>
                        <option value="step">After every activity</option>
                      </Select>
                    )}
                  </Field>
                  <Field
                    label="Runs are found by"
                    hint="Such as {{form.email}}: the search for runs then finds them by it. Kept as a keyed hash, and shown to operators."
                    problems={at('/reference')}
                  >
                    {(input) => (
                      <Input
                        {...input}
                        mono
                        value={text(flow['reference'])}
                        placeholder="{{form.email}}"
                        onChange={(event) => set('reference', event.target.value || undefined)}
                      />
                    )}
                  </Field>
                  <Field
                    label="Time budget"
                    hint={`How long one submission may wait for all calls, queries and scripts together: an ISO 8601 duration such as PT15S; none by default. ${
                      longest
                        ? `When nobody answers, the longest way to the next screen is that from ${longest.from}: ${waitText(longest)}.`
                        : ''
                    }`}
                    problems={at('/timeBudget')}
                  >
                    {(input) => (
                      <Input
                        {...input}
                        mono
                        value={text(flow['timeBudget'])}
                        onChange={(event) => set('timeBudget', event.target.value || undefined)}
                      />
                    )}
                  </Field>
                  <Field
                    label="Runs expire after"
                    hint={`An ISO 8601 duration, such as ${defaultOf(schema, 'expiresAfter')} (the default) or PT15M.`}
                    problems={at('/expiresAfter')}
                  >
                    {(input) => (
                      <Input
                        {...input}
                        mono
                        value={text(flow['expiresAfter'])}
                        placeholder={defaultOf(schema, 'expiresAfter')}
                        onChange={(event) => set('expiresAfter', event.target.value || undefined)}
                      />
                    )}
                  </Field>
                </div>
              ),
            },
            {
              id: 'inputs',
              label: 'Inputs',
              content: (
                <div className="stack">
                  <Inputs
                    value={isObject(flow['inputs']) ? flow['inputs'] : {}}
                    problems={at('/inputs')}
                    onChange={(inputs) => set('inputs', Object.keys(inputs).length ? inputs : undefined)}
                    onRename={(name, to) => {
                      renameNamed(store, { kind: 'input', name }, to);
                      void askCallers(store, flows, { kind: 'input', name }, to);
                    }}
                    onRemove={(name) =>
                      removeNamed(store, `the input ${name}`, `Remove the input ${name}`, (before) => {
                        const left = isObject(before['inputs']) ? withMember(before['inputs'], name, undefined) : {};
                        return setFlowMember(before, 'inputs', Object.keys(left).length ? left : undefined);
                      })
                    }
                  />
                  {flow['undeclaredInputs'] !== undefined && (
                    <>
                      <Switch
                        label="Take inputs that are not declared (until the next release)"
                        checked={flow['undeclaredInputs'] === true}
                        onChange={(event) => set('undeclaredInputs', event.target.checked || undefined)}
                      />
                      {at('/undeclaredInputs').map((problem, index) => (
                        <div className="field-problem" key={index}>
                          {problem.message}
                        </div>
                      ))}
                    </>
                  )}
                </div>
              ),
            },
            {
              id: 'tokens',
              label: 'Sign-in and tokens',
              content: (
                <div className="stack">
                  <Field
                    label="Redirect addresses"
                    hint="Where a hosted sign-in may lead to, one address a line; they are compared as a whole."
                    problems={at('/redirectUris')}
                  >
                    {(input) => (
                      <Lines {...input} value={redirects} onChange={(lines) => set('redirectUris', lines.length ? lines : undefined)} />
                    )}
                  </Field>
                  <Field
                    label="Accepted failures"
                    hint={
                      'The failures after which the flow may issue a token all the same, one a line: the activity and how it fails, ' +
                      'such as "profile: timeout", "profile: 5xx" or "lookup: Connector Execution".'
                    }
                    problems={at('/accepts')}
                  >
                    {(input) => (
                      <Lines {...input} value={accepted} onChange={(lines) => set('accepts', lines.length ? lines : undefined)} />
                    )}
                  </Field>
                  {accepted.length > 0 && <AcceptedBy flow={text(flow['id'])} lines={accepted} />}
                  <Switch
                    label="Applications prove who began the sign-in (PKCE)"
                    checked={flow['requirePkce'] !== false}
                    onChange={(event) => set('requirePkce', event.target.checked ? undefined : false)}
                  />
                  <Field label="Audience of tokens" problems={at('/tokens/audience')}>
                    {(input) => (
                      <Input
                        {...input}
                        value={text(tokens['audience'])}
                        onChange={(event) => setToken('audience', event.target.value || undefined)}
                      />
                    )}
                  </Field>
                  <div className="two-columns">
                    <Field
                      label="Session tokens are valid for"
                      hint={`Minutes; ${defaultOf(schema, 'tokens', 'sessionMinutes')} by default.`}
                      problems={at('/tokens/sessionMinutes')}
                    >
                      {(input) => (
                        <NumberInput
                          {...input}
                          value={tokens['sessionMinutes']}
                          placeholder={defaultOf(schema, 'tokens', 'sessionMinutes')}
                          onChange={(value) => setToken('sessionMinutes', value)}
                        />
                      )}
                    </Field>
                    <Field
                      label="Refresh tokens are valid for"
                      hint={`Days; ${defaultOf(schema, 'tokens', 'refreshDays')} by default.`}
                      problems={at('/tokens/refreshDays')}
                    >
                      {(input) => (
                        <NumberInput
                          {...input}
                          value={tokens['refreshDays']}
                          placeholder={defaultOf(schema, 'tokens', 'refreshDays')}
                          onChange={(value) => setToken('refreshDays', value)}
                        />
                      )}
                    </Field>
                  </div>
                </div>
              ),
            },
            {
              id: 'locales',
              label: 'Languages',
              content: (
                <Locales
                  value={flow['locales']}
                  problems={at('/locales')}
                  readOnly={readOnly}
                  onChange={(locales) => set('locales', locales)}
                />
              ),
            },
          ]}
        />
      </fieldset>
    </Dialog>
  );
}

/** The elements of a list, each as one line. */
function textsOf(list: Json | undefined): string[] {
  return Array.isArray(list) ? list.map((item) => (typeof item === 'string' ? item : writeJson(item))) : [];
}

/** Text of one line each; half-finished lines stay while they are typed. */
function Lines({
  value,
  onChange,
  ...rest
}: {
  value: string[];
  onChange: (lines: string[]) => void;
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}) {
  const [typed, setTyped] = useState(value.join('\n'));
  const clean = (all: string) =>
    all
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  const shown = sameJson(clean(typed), value) ? typed : value.join('\n');
  return (
    <TextArea
      {...rest}
      mono
      rows={4}
      value={shown}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(clean(event.target.value));
      }}
    />
  );
}

function NumberInput({
  value,
  onChange,
  ...rest
}: {
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  id: string;
  placeholder: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}) {
  return (
    <Input
      {...rest}
      inputMode="numeric"
      value={value === undefined ? '' : enteredOf(value)}
      onChange={(event) => onChange(event.target.value === '' ? undefined : valueOf(event.target.value))}
    />
  );
}

const inputTypes = ['any', 'string', 'number', 'integer', 'boolean', 'object', 'array'];

/** The values that a caller gives at the start: client.<name>. */
function Inputs({
  value,
  onChange,
  onRename,
  onRemove,
  problems,
}: {
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  onRename: (name: string, to: string) => void;
  onRemove: (name: string) => void;
  problems: Problem[];
}) {
  const names = Object.keys(value);
  const change = (name: string, member: string, next: Json | undefined) =>
    onChange({ ...value, [name]: withMember(isObject(value[name]) ? value[name] : {}, member, next) });
  return (
    <div className="stack">
      <p className="field-hint">
        They are checked when a run starts, and stand at <code>client.&lt;name&gt;</code>. What is not declared here is not taken.
      </p>
      {names.map((name, index) => {
        const input = isObject(value[name]) ? value[name] : {};
        return (
          <div className="input-row" role="group" aria-label={`Input ${name}`} key={index}>
            <Field label="Name">
              {(field) => (
                <NameInput
                  input={field}
                  name={name}
                  wrongOf={(typed) =>
                    typed.trim() === ''
                      ? 'A name is needed.'
                      : names.includes(typed.trim())
                        ? `There is already an input “${typed.trim()}”.`
                        : undefined
                  }
                  onRename={(to) => onRename(name, to.trim())}
                />
              )}
            </Field>
            <Field label="Type">
              {(field) => (
                <Select
                  {...field}
                  value={text(input['type']) || 'any'}
                  onChange={(event) => change(name, 'type', event.target.value === 'any' ? undefined : event.target.value)}
                >
                  {inputTypes.map((type) => (
                    <option key={type}>{type}</option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label="Default">
              {(field) => (
                <Input
                  {...field}
                  mono
                  value={enteredOf(input['default'])}
                  onChange={(event) => change(name, 'default', event.target.value === '' ? undefined : valueOf(event.target.value))}
                />
              )}
            </Field>
            <Switch
              label="Required"
              checked={input['required'] === true}
              onChange={(event) => change(name, 'required', event.target.checked || undefined)}
            />
            <Switch
              label="Secret"
              checked={input['sensitive'] === true}
              onChange={(event) => change(name, 'sensitive', event.target.checked || undefined)}
            />
            <IconButton label={`Remove the input ${name}`} icon={<X size={15} />} onClick={() => onRemove(name)} />
          </div>
        );
      })}
      {problems.map((problem, index) => (
        <div className="field-problem" key={index}>
          {problem.message}
        </div>
      ))}
      <Button
        size="small"
        icon={<Plus />}
        className="add-row"
        onClick={() => onChange({ ...value, [uniqueId('input', names)]: { type: 'string' } })}
      >
        Add input
      </Button>
    </div>
  );
}

/** Texts of screens in other languages: { "de": { "Continue": "Weiter" } }. */
function Locales({
  value,
  onChange,
  problems,
  readOnly,
}: {
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  problems: Problem[];
  readOnly: boolean;
}) {
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? (value === undefined ? '{}' : writeJson(value, 2));
  let broken: string | undefined;
  try {
    parseJson(shown);
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error);
  }
  return (
    <div className="stack">
      <p className="field-hint">
        By language, each text of the screens with its translation: <code>{'{ "de": { "Continue": "Weiter" } }'}</code>
      </p>
      <CodeEditor
        label="Languages as JSON"
        language="json"
        lines={10}
        value={shown}
        readOnly={readOnly}
        onChange={(next) => {
          setTyped(next);
          try {
            const parsed = parseJson(next);
            onChange(isObject(parsed) && Object.keys(parsed).length === 0 ? undefined : parsed);
          } catch {
            // Said below; what stands in the flow stays until the text is JSON again.
          }
        }}
      />
      {broken && <div className="field-problem">{broken} Not saved until it is JSON.</div>}
      {problems.map((problem, index) => (
        <div className="field-problem" key={index}>
          {problem.message}
        </div>
      ))}
    </div>
  );
}
