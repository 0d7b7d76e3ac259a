import { X } from 'lucide-react';
import { useId } from 'react';
import type { Diagnostic } from '../api/client';
import type { Json, Setting } from '../api/types';
import { Button, Disclosure, Field, IconButton, Switch } from '../ui';
import { useForm, type CustomEditor, type EditorProps } from './context';
import { problemsAt, problemsWithin, textOf } from './diagnostics';
import { isObject } from '../graph/json';
import { ChoiceEditor, JsonEditor, NumberEditor, OptionEditor, SourceEditor, TemplateEditor, TextEditor } from './editors';
import { ListEditor } from './ListEditor';
import { SecretEditor } from './SecretEditor';
import { Settings } from './SettingsForm';
import { ShorthandEditor } from './ShorthandEditor';
import { effective, labelOf, limitsOf, toWrite, variantsOf } from './settings';
import { sentenceOf } from './words';
import { TemplateMapEditor } from './TemplateMapEditor';

interface Props {
  setting: Setting;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  pointer: string;
  label?: string;
  /** It is in the file, though another setting's choice makes it meaningless. */
  isUnused?: boolean;
  /** It is what another setting's choice needs: an object is shown open. */
  isVariant?: boolean;
  /** In a row of a list: the label is for screen readers alone. */
  isBare?: boolean;
}

/** One setting: its label, its editor, what it does, and what is wrong with it. */
export function SettingField({
  setting,
  value,
  onChange,
  pointer,
  label = labelOf(setting),
  isUnused = false,
  isVariant = false,
  isBare = false,
}: Props) {
  const { diagnostics, disabled, editorOf } = useForm();
  const id = useId();
  const custom = editorOf(setting, pointer) ?? editorFor(setting);
  const isDeep = !custom.bare && setting.kind !== 'object' && setting.kind !== 'list';
  const say = (problem: Diagnostic) => (problem.pointer === pointer ? sentenceOf(problem, label, setting) : textOf(problem));
  const problems = isDeep ? problemsWithin(diagnostics, pointer, say) : problemsAt(diagnostics, pointer, say);
  const common = { setting, value, onChange, pointer, label, problems, disabled };
  const Editor = custom.editor;

  if (isUnused)
    return (
      <div className="settings-unused">
        <span>
          <strong>{label}</strong> is stored as well, but does not count with what is chosen.
          {problemsWithin(diagnostics, pointer, say).map((problem, index) => (
            <span className="field-problem" key={index}>
              {problem.message}
            </span>
          ))}
        </span>
        <Button size="small" disabled={disabled} onClick={() => onChange(undefined)}>
          Remove it
        </Button>
      </div>
    );
  if (custom.bare) return <Editor {...common} input={{ id, 'aria-describedby': undefined, 'aria-invalid': undefined }} />;
  if (setting.kind === 'object' && !setting.shorthand && Editor === NoEditor)
    return <ObjectField {...common} isOpen={isVariant || setting.required} />;
  if (setting.kind === 'boolean' && Editor === NoEditor) return <BooleanField {...common} />;

  const limits = setting.kind === 'integer' || setting.kind === 'number' ? limitsOf(setting) : undefined;
  return (
    <Field
      label={isBare ? <span className="visually-hidden">{label}</span> : label}
      hint={
        isBare
          ? undefined
          : [
              setting.hint ?? setting.description,
              limits && limits !== setting.unit && `${limits.charAt(0).toUpperCase()}${limits.slice(1)}.`,
            ]
              .filter(Boolean)
              .join(' ')
      }
      problems={problems}
      required={setting.required}
    >
      {({ required: _, ...input }) => <Editor {...common} input={input} />}
    </Field>
  );
}

function BooleanField({ setting, value, onChange, label, problems, disabled }: Omit<EditorProps, 'input'>) {
  const id = useId();
  const checked = effective(setting, value) === true;
  return (
    <div className="field">
      <Switch
        label={label}
        checked={checked}
        disabled={disabled}
        aria-describedby={`${id}-hint`}
        aria-invalid={problems.some((problem) => problem.severity === 'error') || undefined}
        onChange={(event) => onChange(toWrite({ ...setting, default: setting.default ?? false }, event.target.checked))}
      />
      <div className="field-hint" id={`${id}-hint`}>
        {setting.description}
      </div>
      {problems.map((problem, index) => (
        <div className="field-problem" data-severity={problem.severity} key={index}>
          {problem.message}
        </div>
      ))}
    </div>
  );
}

/** An object within: open where it has to be there, else something to set up or to leave out. */
function ObjectField({
  setting,
  value,
  onChange,
  pointer,
  label,
  problems,
  disabled,
  isOpen,
}: Omit<EditorProps, 'input'> & { isOpen: boolean }) {
  const { definitions, diagnostics } = useForm();
  const settings = definitions[setting.definition ?? ''] ?? [];
  const object = isObject(value) ? value : {};
  // The chooser of variants is never left out: "none" is one of them.
  const isChooser = Object.keys(variantsOf(settings)).length > 0;
  const below = problemsWithin(diagnostics, pointer).length > 0;
  const shownProblems = problems.map((problem, index) => (
    <div className="field-problem" data-severity={problem.severity} key={index}>
      {problem.message}
    </div>
  ));
  const body = (
    <Settings
      settings={settings}
      value={object}
      pointer={pointer}
      onChange={(next) => onChange(isChooser && Object.keys(next).length === 0 ? undefined : next)}
    />
  );

  if (isChooser || isOpen)
    return (
      <div className="settings-object" role="group" aria-label={label} data-plain={isChooser || undefined}>
        {!isChooser && <h3>{label}</h3>}
        {shownProblems}
        {body}
      </div>
    );
  if (value === undefined || value === null)
    return (
      <div className="settings-optional">
        <div>
          <h3>{label}</h3>
          <div className="field-hint">{setting.description}</div>
          {shownProblems}
        </div>
        <Button size="small" disabled={disabled} aria-label={`Set up: ${label}`} onClick={() => onChange({})}>
          Set up
        </Button>
      </div>
    );
  return (
    <div className="settings-object" role="group" aria-label={label}>
      <Disclosure
        title={label}
        folded={!below && Object.keys(object).length > 0}
        aside={
          <IconButton
            size="small"
            label={`Remove: ${label}`}
            icon={<X size={14} />}
            disabled={disabled}
            onClick={() => onChange(undefined)}
          />
        }
      >
        <div className="stack">
          <div className="field-hint">{setting.description}</div>
          {shownProblems}
          {body}
        </div>
      </Disclosure>
    </div>
  );
}

const NoEditor = () => null;

/** The usual editor of a setting, by its editor hint, then by its kind. */
function editorFor(setting: Setting): CustomEditor {
  if (setting.choices && setting.kind === 'text') return { editor: ChoiceEditor };
  if (setting.kind === 'list') return { editor: ListEditor, bare: true };
  if (setting.editor === 'javascript' || setting.editor === 'sql') return { editor: SourceEditor };
  switch (setting.kind) {
    case 'integer':
    case 'number':
      return { editor: NumberEditor };
    case 'template':
      return { editor: TemplateEditor };
    case 'json':
    case 'jsonTemplate':
      return { editor: JsonEditor };
    case 'choice':
      return { editor: OptionEditor };
    case 'secret':
      return { editor: SecretEditor };
    case 'templateMap':
      return { editor: TemplateMapEditor, bare: true };
    case 'map':
      return setting.element?.shorthand ? { editor: TemplateMapEditor, bare: true } : { editor: JsonEditor };
    case 'object':
      return { editor: setting.shorthand ? ShorthandEditor : NoEditor };
    case 'boolean':
      return { editor: NoEditor };
    default:
      return { editor: TextEditor };
  }
}
