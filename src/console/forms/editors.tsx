import { useState } from 'react';
import { writeJson } from '../api/json';
import { Input, Segmented, Select } from '../ui';
import { CodeEditor } from './CodeEditor';
import { useForm, type EditorProps } from './context';
import { jsonOfText, jsonProblem, textOfJson } from './jsonText';
import { sameJson } from '../graph/json';
import { choiceLabelOf, effective, numberOf, numberProblem, placeholderOf, toWrite } from './settings';
import { TemplateInput } from './TemplateInput';

const textIn = (value: EditorProps['value']): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : writeJson(value);

/** Plain text. Ids, keys and paths are set in a fixed-width face. */
export function TextEditor({ setting, value, onChange, input, disabled }: EditorProps) {
  if (setting.editor === 'path')
    return (
      <TemplateInput
        {...input}
        isPath
        value={textIn(value)}
        placeholder={placeholderOf(setting)}
        disabled={disabled}
        onChange={(text) => onChange(toWrite(setting, text))}
      />
    );
  return (
    <Input
      {...input}
      mono={setting.editor !== undefined}
      placeholder={placeholderOf(setting)}
      value={textIn(value)}
      disabled={disabled}
      onChange={(event) => onChange(toWrite(setting, event.target.value))}
    />
  );
}

/** Text with templates in it. */
export function TemplateEditor({ setting, value, onChange, input, disabled }: EditorProps) {
  return (
    <TemplateInput
      {...input}
      value={textIn(value)}
      placeholder={placeholderOf(setting)}
      disabled={disabled}
      onChange={(text) => onChange(toWrite(setting, text))}
    />
  );
}

/** One of some texts: side by side where there are few, else in a list. */
export function ChoiceEditor({ setting, value, onChange, input, label, disabled }: EditorProps) {
  const choices = setting.choices ?? [];
  const chosen = textIn(effective(setting, value));
  const options = choices.map((choice) => ({
    value: choice,
    label: choiceLabelOf(choice, setting),
  }));
  const isShort = choices.length <= 4 && options.reduce((sum, option) => sum + option.label.length, 0) <= 34;
  const write = (choice: string) => onChange(toWrite(setting, choice));
  // What need not be chosen can be left out again, which a row of choices
  // has no place for; a value that is none of them has to stay visible.
  const mayBeUnset = !setting.required && setting.default === undefined;
  if (isShort && !mayBeUnset && (chosen === '' || choices.includes(chosen)))
    return (
      <Segmented
        id={input.id}
        aria-label={label}
        aria-describedby={input['aria-describedby']}
        options={options}
        value={chosen}
        onChange={write}
        disabled={disabled}
      />
    );
  return (
    <Select {...input} value={chosen} disabled={disabled} onChange={(event) => write(event.target.value)}>
      {(chosen === '' || mayBeUnset) && <option value="">{setting.required ? 'Choose…' : 'Not set'}</option>}
      {chosen !== '' && !choices.includes(chosen) && <option value={chosen}>{chosen} (unknown)</option>}
      {options.map((option) => (
        <option value={option.value} key={option.value}>
          {option.label}
          {option.value === setting.default ? ' (default)' : ''}
        </option>
      ))}
    </Select>
  );
}

/** One of some values that need not be texts, each with what it promises. */
export function OptionEditor({ setting, value, onChange, input, label, disabled }: EditorProps) {
  const chosen = effective(setting, value);
  const options = setting.options ?? [];
  return (
    <div className="option-list" role="radiogroup" id={input.id} aria-label={label} aria-describedby={input['aria-describedby']}>
      {options.map((option) => (
        <label className="option" key={writeJson(option.value)}>
          <input
            type="radio"
            name={input.id}
            disabled={disabled}
            checked={sameJson(option.value, chosen ?? null)}
            onChange={() => onChange(toWrite(setting, option.value))}
          />
          <span>
            <span className="option-label">{option.label}</span>
            <span className="field-hint">{option.description}</span>
          </span>
        </label>
      ))}
      {chosen !== undefined && !options.some((option) => sameJson(option.value, chosen)) && (
        <span className="field-hint">
          In the file: <code>{writeJson(chosen)}</code>
        </span>
      )}
    </div>
  );
}

/** A number with its unit. What is no number yet stays as it was typed, and is said to be none. */
export function NumberEditor({ setting, value, onChange, input, problems, disabled }: EditorProps) {
  const kind = setting.kind === 'integer' ? 'integer' : 'number';
  const [typed, setTyped] = useState<string>();
  const text = typed !== undefined && sameJson(numberOf(typed, kind), value) ? typed : textIn(value);
  const problem = problems.length === 0 ? numberProblem(setting, value) : undefined;
  return (
    <>
      <div className="number-input">
        <Input
          {...input}
          inputMode={kind === 'integer' ? 'numeric' : 'decimal'}
          placeholder={placeholderOf(setting)}
          aria-invalid={input['aria-invalid'] || problem !== undefined || undefined}
          value={text}
          disabled={disabled}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(toWrite(setting, numberOf(event.target.value, kind)));
          }}
        />
        {setting.unit && <span className="number-unit">{setting.unit}</span>}
      </div>
      {problem && (
        <div className="field-problem" role="status">
          {problem}
        </div>
      )}
    </>
  );
}

/** JSON, or a text in which templates stand. */
export function JsonEditor({ setting, value, onChange, input, label, disabled }: EditorProps) {
  const { paths } = useForm();
  const [typed, setTyped] = useState<string>();
  const text = typed !== undefined && sameJson(jsonOfText(typed), value) ? typed : textOfJson(value);
  const problem = jsonProblem(text);
  return (
    <>
      <CodeEditor
        {...input}
        label={label}
        language="json"
        value={text}
        paths={paths}
        readOnly={disabled}
        placeholder={placeholderOf(setting) ?? 'JSON; templates may stand in it'}
        onChange={(next) => {
          setTyped(next);
          onChange(jsonOfText(next));
        }}
      />
      {problem && (
        <div className="field-problem" data-severity="warning">
          {problem} It is kept as a text.
        </div>
      )}
    </>
  );
}

/** JavaScript or SQL. */
export function SourceEditor({ setting, value, onChange, input, label, problems, disabled }: EditorProps) {
  const { paths } = useForm();
  return (
    <CodeEditor
      {...input}
      label={label}
      language={setting.editor === 'sql' ? 'sql' : 'javascript'}
      value={textIn(value)}
      paths={paths}
      problems={problems}
      readOnly={disabled}
      onChange={(text) => onChange(toWrite(setting, text))}
    />
  );
}
