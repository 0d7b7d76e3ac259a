import { ListPlus, Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Json, JsonObject } from '../../api/types';
import { problemsAt, problemsWithin, useForm, type EditorProps } from '../../forms';
import { setOutcomes } from '../../graph/edit';
import { isObject, renameMember, withMember } from '../../graph/json';
import { uniqueId } from '../../graph/ids';
import { matchersIn, matchersText } from '../../graph/outcomes';
import { pointerTo } from '../../graph/pointer';
import { typeOf } from '../../graph/described';
import { activity } from '../../graph/flow';
import { Button, FixButton, IconButton, Input, Menu } from '../../ui';
import { toCondition } from '../../graph/statusOutcomes';
import { ConvertButton } from './ConvertButton';
import { NameInput } from './IdField';
import { renameNamed } from './renames';
import { useDesigner, useDesignerStore } from './store';

/** Outcomes by name, each with what leads to it: a port of the activity for each. */
export function OutcomesEditor({ setting, value, onChange, pointer, label, input, problems, disabled }: EditorProps) {
  const store = useDesignerStore();
  const { diagnostics } = useForm();
  const id = useDesigner((state) => (state.selection.size === 1 ? [...state.selection][0]! : ''));
  const type = useDesigner((state) => typeOf(activity(state.flow, id) ?? {}, state.catalogue));
  const outcomes = isObject(value) ? value : {};
  const names = Object.keys(outcomes);
  const fixed = [...(type?.outcomes ?? []), ...(type?.errorEvents ?? [])];
  // No connection leaves an activity that stands inside another: there they can only be taken away.
  const isInner = pointer.startsWith('/activities/');
  const write = (what: string, next: JsonObject, group?: string) => {
    if (isInner) onChange(Object.keys(next).length > 0 ? next : undefined);
    else store.getState().apply(what, (flow) => setOutcomes(flow, id, setting.name, next), group);
  };
  const wrongOf = (own: string) => (typed: string) =>
    typed.trim() === ''
      ? 'A name is needed.'
      : fixed.includes(typed)
        ? `“${typed}” is an outcome that the activity has anyway.`
        : typed !== own && names.includes(typed)
          ? `There is already an outcome “${typed}”.`
          : undefined;
  const said = (found: typeof problems) =>
    found.map((problem, at) => (
      <div className="field-problem" data-severity={problem.severity} key={at}>
        <span>
          {problem.message} <FixButton fix={problem.fix} />
        </span>
      </div>
    ));

  return (
    <div className="field" role="group" aria-labelledby={`${input.id}-label`}>
      <div className="field-label">
        <span id={`${input.id}-label`}>{label}</span>
      </div>
      {names.length > 0 && (
        <div className="map-rows">
          {names.map((name, index) => {
            const place = pointerTo(pointer, name);
            return (
              <div className="map-row outcome-row" role="group" aria-label={`Outcome ${name}`} key={index}>
                <div>
                  <NameInput
                    input={{ id: `${input.id}-${index}` }}
                    label={`Name of outcome ${index + 1}`}
                    name={name}
                    mono={false}
                    disabled={disabled}
                    wrongOf={wrongOf(name)}
                    onRename={(to) =>
                      name === '' || isInner
                        ? write('Name an outcome', renameMember(outcomes, name, to))
                        : renameNamed(store, { kind: 'outcome', activity: id, name }, to)
                    }
                  />
                </div>
                <Matchers
                  label={`What leads to ${name}`}
                  value={outcomes[name]}
                  isWrong={problemsWithin(diagnostics, place).some((problem) => problem.severity === 'error')}
                  suggestions={setting.suggestions ?? []}
                  disabled={disabled}
                  onChange={(next, group) =>
                    write(`Change the outcome ${name}`, withMember(outcomes, name, next), group && `outcome ${id} ${name}`)
                  }
                />
                <IconButton
                  label={`Remove the outcome ${name}`}
                  icon={<X size={15} />}
                  disabled={disabled}
                  onClick={() => write(`Remove the outcome ${name}`, withMember(outcomes, name, undefined))}
                />
                {said([...problemsWithin(diagnostics, place)])}
              </div>
            );
          })}
        </div>
      )}
      {!disabled && (
        <Button
          size="small"
          className="add-row"
          icon={<Plus />}
          onClick={() => write('Add an outcome', { ...outcomes, [uniqueId('Outcome', [...names, ...fixed])]: [] })}
        >
          Add outcome
        </Button>
      )}
      {!disabled && !isInner && <ConvertButton id={id} label="Make a condition of it" convert={toCondition} />}
      <div className="field-hint">{setting.description}</div>
      {said(value !== undefined && !isObject(value) ? problems : problemsAt(diagnostics, pointer))}
    </div>
  );
}

/** Matchers, as they are typed: 404, 5xx, timeout. */
function Matchers({
  label,
  value,
  isWrong,
  suggestions,
  disabled,
  onChange,
}: {
  label: string;
  value: Json | undefined;
  isWrong: boolean;
  suggestions: readonly string[];
  disabled: boolean;
  onChange: (value: Json, group?: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const written = matchersText(value);
  const shown = typed !== undefined && matchersText(matchersIn(typed)) === written ? typed : written;
  const chosen = matchersIn(shown);
  return (
    <div className="input-group">
      <Input
        mono
        aria-label={label}
        placeholder="404, 5xx, timeout"
        value={shown}
        disabled={disabled}
        aria-invalid={isWrong || undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(matchersIn(event.target.value), 'matchers');
        }}
      />
      {!disabled && (
        <Menu
          label={label}
          trigger={<IconButton label={`Add to ${label.charAt(0).toLowerCase()}${label.slice(1)}`} icon={<ListPlus size={15} />} />}
          entries={suggestions
            .filter((word) => !chosen.includes(word))
            .map((word) => ({ label: word, onSelect: () => onChange([...chosen, word]) }))}
        />
      )}
    </div>
  );
}
