import { ArrowDown, ArrowUp, Copy, FolderTree, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { writeJson } from '../../api/json';
import type { Json, JsonObject } from '../../api/types';
import { CodeEditor, problemsAt, problemsWithin, TemplateInput, useForm, type EditorProps } from '../../forms';
import { asKind, enteredOf, newRule, ruleKind, valueOf, words, type RuleKind } from '../../graph/conditions';
import { newBranch } from '../../graph/create';
import { setBranches } from '../../graph/edit';
import { uniqueId } from '../../graph/ids';
import { isObject, moveItem, objects, removeAt, replaceAt, text, withMember } from '../../graph/json';
import { Button, Field, FixButton, IconButton, Input, Menu, Segmented, Select } from '../../ui';
import { toOutcomes } from '../../graph/statusOutcomes';
import { ConvertButton } from './ConvertButton';
import { useKnown } from './known';
import { renameNamed } from './renames';
import { useDesigner, useDesignerStore } from './store';

/** The branches of a Condition, in the order in which they are tried. */
export function ConditionEditor({ value, pointer, disabled }: EditorProps) {
  const store = useDesignerStore();
  const id = useDesigner((state) => (state.selection.size === 1 ? [...state.selection][0]! : ''));
  const branches = objects(value);
  const write = (label: string, next: JsonObject[], group?: string) =>
    store.getState().apply(label, (flow) => setBranches(flow, id, next), group);
  const outcomes = branches.map((branch) => text(branch['outcome']));

  return (
    <div className="branches" role="group" aria-label="Branches">
      <p className="field-hint">Tried in order: the first branch that matches wins; when none does, Else is taken.</p>
      {branches.map((branch, index) => {
        const name = text(branch['outcome']) || `branch ${index + 1}`;
        return (
          <Branch
            key={index}
            branch={branch}
            others={outcomes.filter((_, i) => i !== index)}
            pointer={`${pointer}/${index}`}
            disabled={disabled}
            onRename={(to) => {
              const from = text(branch['outcome']);
              // Two of one name are told apart only by their place.
              if (from && outcomes.filter((one) => one === from).length === 1)
                renameNamed(store, { kind: 'outcome', activity: id, name: from }, to);
              else write(`Rename the branch ${name}`, replaceAt(branches, index, withMember(branch, 'outcome', to)));
            }}
            onChange={(next, group) =>
              write(`Change the branch ${name}`, replaceAt(branches, index, next), group && `branch ${id} ${index} ${group}`)
            }
            buttons={
              <>
                <IconButton
                  size="small"
                  label={`Move ${name} up`}
                  icon={<ArrowUp size={14} />}
                  disabled={disabled || index === 0}
                  onClick={() => write(`Move the branch ${name}`, moveItem(branches, index, index - 1))}
                />
                <IconButton
                  size="small"
                  label={`Move ${name} down`}
                  icon={<ArrowDown size={14} />}
                  disabled={disabled || index === branches.length - 1}
                  onClick={() => write(`Move the branch ${name}`, moveItem(branches, index, index + 1))}
                />
                <IconButton
                  size="small"
                  label={`Duplicate ${name}`}
                  icon={<Copy size={14} />}
                  disabled={disabled}
                  onClick={() => write(`Duplicate the branch ${name}`, [...branches, { ...branch, outcome: uniqueId(name, outcomes) }])}
                />
                <IconButton
                  size="small"
                  label={`Remove ${name}`}
                  icon={<X size={14} />}
                  disabled={disabled}
                  onClick={() => write(`Remove the branch ${name}`, removeAt(branches, index))}
                />
              </>
            }
          />
        );
      })}
      <div className="branch-else">
        <strong>Else</strong> <span className="muted">when no branch matches</span>
      </div>
      {!disabled && (
        <Button size="small" icon={<Plus />} onClick={() => write('Add a branch', [...branches, newBranch(outcomes)])}>
          Add branch
        </Button>
      )}
      {!disabled && <ConvertButton id={id} label="Make outcomes of the call of it" convert={toOutcomes} />}
    </div>
  );
}

function Branch({
  branch,
  others,
  pointer,
  disabled,
  onRename,
  onChange,
  buttons,
}: {
  branch: JsonObject;
  others: string[];
  pointer: string;
  disabled: boolean;
  onRename: (to: string) => void;
  onChange: (branch: JsonObject, group?: string) => void;
  buttons: React.ReactNode;
}) {
  const { diagnostics } = useForm();
  const outcome = text(branch['outcome']);
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? outcome;
  const wrong =
    shown === ''
      ? 'An outcome is needed.'
      : shown === 'Else'
        ? 'Else is taken when no branch matches. Choose another name.'
        : others.includes(shown)
          ? `There is already a branch “${shown}”.`
          : undefined;
  const commit = () => {
    if (typed !== undefined && !wrong && typed !== outcome) onRename(typed);
    setTyped(undefined);
  };
  return (
    <div className="branch" role="group" aria-label={`Branch ${outcome}`}>
      <div className="branch-head">
        <Field label="Outcome" problems={wrong ? [{ message: wrong }] : problemsAt(diagnostics, `${pointer}/outcome`)}>
          {(input) => (
            <Input
              {...input}
              value={shown}
              disabled={disabled}
              onChange={(event) => setTyped(event.target.value)}
              onBlur={commit}
              onKeyDown={(event) => event.key === 'Enter' && commit()}
            />
          )}
        </Field>
        <div className="branch-buttons">{buttons}</div>
      </div>
      <Rules group={branch} pointer={pointer} disabled={disabled} onChange={onChange} depth={1} name={outcome} />
      {problemsAt(diagnostics, pointer).map((problem, index) => (
        <div className="field-problem" key={index}>
          {problem.message}
        </div>
      ))}
    </div>
  );
}

const matches = [
  { value: 'all', label: 'All rules' },
  { value: 'any', label: 'Any rule' },
];

/** The rules of a branch or of a group in it. */
function Rules({
  group,
  pointer,
  disabled,
  onChange,
  depth,
  name,
}: {
  group: JsonObject;
  pointer: string;
  disabled: boolean;
  onChange: (group: JsonObject, typing?: string) => void;
  depth: number;
  name: string;
}) {
  const { diagnostics } = useForm();
  const rules = objects(group['rules']);
  const write = (next: JsonObject[], typing?: string) => onChange(withMember(group, 'rules', next), typing);
  return (
    <div className="rules">
      {(rules.length > 1 || group['match'] !== undefined) && (
        <Segmented
          aria-label={`Match of ${name}`}
          options={matches}
          value={text(group['match']) || 'all'}
          disabled={disabled}
          onChange={(match) => onChange(withMember(group, 'match', match === 'all' && depth === 1 ? undefined : match))}
        />
      )}
      {rules.map((rule, index) => (
        <RuleRow
          key={index}
          rule={rule}
          number={index + 1}
          pointer={`${pointer}/rules/${index}`}
          disabled={disabled}
          depth={depth}
          onChange={(next, typing) => write(replaceAt(rules, index, next), typing && `${index} ${typing}`)}
          onMove={(to) => write(moveItem(rules, index, to))}
          isLast={index === rules.length - 1}
          onRemove={() => write(removeAt(rules, index))}
        />
      ))}
      {problemsAt(diagnostics, `${pointer}/rules`).map((problem, index) => (
        <div className="field-problem" key={index}>
          {problem.message}
        </div>
      ))}
      {!disabled && (
        <div className="row">
          <Button size="small" kind="quiet" icon={<Plus />} onClick={() => write([...rules, newRule()])}>
            Add rule
          </Button>
          {depth < 4 && (
            <Button size="small" kind="quiet" icon={<FolderTree />} onClick={() => write([...rules, { match: 'any', rules: [newRule()] }])}>
              Add group
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** One rule, as a setting of its own. */
export function RuleEditor({ setting, value, onChange, pointer, label, input, problems, disabled }: EditorProps) {
  return (
    <div className="field" role="group" aria-labelledby={`${input.id}-label`}>
      <div className="field-label">
        <span id={`${input.id}-label`}>{label}</span>
      </div>
      {isObject(value) ? (
        <RuleRow
          rule={value}
          number={1}
          pointer={pointer}
          disabled={disabled}
          depth={0}
          isLast
          onChange={(next) => onChange(next)}
          onMove={() => undefined}
          onRemove={() => onChange(undefined)}
        />
      ) : (
        !disabled && (
          <Button size="small" className="add-row" icon={<Plus />} onClick={() => onChange(newRule())}>
            Add rule
          </Button>
        )
      )}
      <div className="field-hint">{setting.description}</div>
      {value !== undefined &&
        !isObject(value) &&
        problems.map((problem, index) => (
          <div className="field-problem" key={index}>
            {problem.message}
          </div>
        ))}
    </div>
  );
}

const kinds: { kind: RuleKind; label: string }[] = [
  { kind: 'comparison', label: 'Comparison' },
  { kind: 'group', label: 'Group of rules' },
  { kind: 'script', label: 'JavaScript expression' },
];

function RuleRow({
  rule,
  number,
  pointer,
  disabled,
  depth,
  onChange,
  onMove,
  isLast,
  onRemove,
}: {
  rule: JsonObject;
  number: number;
  pointer: string;
  disabled: boolean;
  depth: number;
  isLast: boolean;
  onChange: (rule: JsonObject, typing?: string) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}) {
  const { schema } = useKnown();
  const { diagnostics, paths } = useForm();
  const kind = ruleKind(rule);
  const operator = text(rule['operator']);
  const takesValue = schema.operators.find((one) => one.name === operator)?.takesValue ?? true;
  const problems = kind === 'group' ? problemsAt(diagnostics, pointer) : problemsWithin(diagnostics, pointer);
  const setOperator = (name: string) => {
    const takes = schema.operators.find((one) => one.name === name)?.takesValue ?? true;
    const next = withMember(rule, 'operator', name);
    onChange(withMember(next, 'value', takes ? (next['value'] ?? '') : undefined));
  };
  const buttons = !disabled && (
    <div className="rule-buttons">
      <Menu
        label={`Rule ${number}`}
        trigger={
          <Button size="small" kind="quiet" aria-label={`More for rule ${number}`}>
            ⋯
          </Button>
        }
        entries={[
          ...kinds
            .filter((one) => one.kind !== kind && (one.kind !== 'group' || depth < 4))
            .map((one) => ({ label: `Make it a ${one.label.toLowerCase()}`, onSelect: () => onChange(asKind(rule, one.kind)) })),
          null,
          { label: 'Move up', disabled: number === 1, onSelect: () => onMove(number - 2) },
          { label: 'Move down', disabled: isLast, onSelect: () => onMove(number) },
          { label: 'Remove', tone: 'danger' as const, onSelect: onRemove },
        ]}
      />
      <IconButton size="small" label={`Remove rule ${number}`} icon={<X size={14} />} onClick={onRemove} />
    </div>
  );

  return (
    <div className="rule" role="group" aria-label={`Rule ${number}`} data-kind={kind}>
      <div className="rule-body">
        {kind === 'comparison' && (
          <>
            <TemplateInput
              isPath
              aria-label="Path"
              placeholder="Path, such as form.email"
              value={text(rule['key'])}
              disabled={disabled}
              aria-invalid={problems.some((one) => one.severity === 'error') || undefined}
              onChange={(key) => onChange(withMember(rule, 'key', key), 'key')}
            />
            <div className="rule-compare">
              <Select aria-label="Operator" value={operator} disabled={disabled} onChange={(event) => setOperator(event.target.value)}>
                {!schema.operators.some((one) => one.name === operator) && <option value={operator}>{operator || 'Choose…'}</option>}
                {schema.operators.map((one) => (
                  <option value={one.name} key={one.name}>
                    {words(one.name)}
                  </option>
                ))}
              </Select>
              {takesValue ? (
                <ValueInput
                  value={rule['value']}
                  disabled={disabled}
                  onChange={(value) => onChange(withMember(rule, 'value', value), 'value')}
                />
              ) : (
                <span />
              )}
              {buttons}
            </div>
          </>
        )}
        {kind === 'script' && (
          <CodeEditor
            label={`JavaScript of rule ${number}`}
            language="javascript"
            lines={2}
            value={text(rule['script'])}
            paths={paths}
            readOnly={disabled}
            problems={problems}
            placeholder="connectors.profile.statusCode >= 500"
            onChange={(script) => onChange(withMember(rule, 'script', script), 'script')}
          />
        )}
        {kind === 'group' && (
          <Rules group={rule} pointer={pointer} disabled={disabled} onChange={onChange} depth={depth + 1} name={`rule ${number}`} />
        )}
        {kind !== 'comparison' && buttons}
        {problems.map((problem, index) => (
          <div className="field-problem" data-severity={problem.severity} key={index}>
            <span>
              {problem.message} <FixButton fix={problem.fix} />
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** A value: 404 is a number, "404" in quotes a text. What is typed stays as it was typed. */
function ValueInput({ value, onChange, disabled }: { value: Json | undefined; onChange: (value: Json) => void; disabled: boolean }) {
  const [typed, setTyped] = useState<string>();
  const shown = typed !== undefined && writeJson(valueOf(typed)) === writeJson(value) ? typed : enteredOf(value);
  return (
    <TemplateInput
      aria-label="Value"
      placeholder="Value"
      value={shown}
      disabled={disabled}
      onChange={(entered) => {
        setTyped(entered);
        onChange(valueOf(entered));
      }}
    />
  );
}
