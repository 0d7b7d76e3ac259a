import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useRef } from 'react';
import type { Json, Setting } from '../api/types';
import { Button, IconButton } from '../ui';
import { useForm, type EditorProps } from './context';
import { problemsAt } from './diagnostics';
import { isObject, withMember } from '../graph/json';
import { pointerTo } from '../graph/pointer';
import { MoreSettings } from './MoreSettings';
import { moved } from './rows';
import { SettingField } from './SettingField';
import { Settings } from './SettingsForm';
import { effective, inObject, labelOf, placeholderOf, toWrite } from './settings';

/** A list: each item a row that can be moved and removed. Objects of a few short settings stand in one line, others as a card each. */
export function ListEditor({ setting, value, onChange, pointer, label, input, problems, disabled }: EditorProps) {
  const { definitions, diagnostics } = useForm();
  const element = setting.element!;
  const all = element.kind === 'object' ? (definitions[element.definition ?? ''] ?? []) : [];
  const fields = all.filter(({ folded }) => !folded);
  const more = all.filter(({ folded }) => folded);
  const isFlat =
    element.kind !== 'object' ||
    (fields.length <= 3 && fields.every((field) => ['text', 'template', 'integer', 'number', 'secret'].includes(field.kind)));
  const items = Array.isArray(value) ? value : [];
  const inherited = value === undefined && Array.isArray(setting.default) ? setting.default : [];

  // Rows are known by keys, so that what is half entered in one stays with it when others move.
  const keys = useRef<number[]>([]);
  const lastKey = useRef(0);
  while (keys.current.length < items.length) keys.current.push(++lastKey.current);
  keys.current.length = items.length;

  const write = (next: Json[]) =>
    onChange(next.length === 0 && inherited.length === 0 && setting.default === undefined ? undefined : toWrite(setting, next));
  const noun = singular(label);

  return (
    <div className="field" role="group" aria-labelledby={`${input.id}-label`}>
      <div className="field-label">
        <span id={`${input.id}-label`}>
          {label}
          {setting.required && (
            <span className="required" aria-hidden="true">
              {' *'}
            </span>
          )}
        </span>
        {items.length > 0 && setting.default !== undefined && !disabled && (
          <Button size="small" kind="quiet" onClick={() => onChange(undefined)}>
            Use the default
          </Button>
        )}
      </div>
      {items.length > 0 && (
        <div className="list-rows">
          {isFlat && fields.length > 1 && (
            <div className="list-row list-columns" data-flat aria-hidden="true">
              <div className="list-fields">
                {fields.map((field) => (
                  <span key={field.name}>{labelOf(field)}</span>
                ))}
              </div>
              {!disabled && <div className="list-buttons" />}
            </div>
          )}
          {items.map((item, index) => {
            const name = `${noun} ${index + 1}`;
            const change = (next: Json | undefined) =>
              onChange(items.map((other, at) => (at === index ? (next ?? emptyOf(element)) : other)));
            const buttons = !disabled && (
              <div className="list-buttons">
                <IconButton
                  size="small"
                  label={`Move ${name} up`}
                  icon={<ArrowUp size={14} />}
                  disabled={index === 0}
                  onClick={() => {
                    keys.current = moved(keys.current, index, index - 1);
                    onChange(moved(items, index, index - 1));
                  }}
                />
                <IconButton
                  size="small"
                  label={`Move ${name} down`}
                  icon={<ArrowDown size={14} />}
                  disabled={index === items.length - 1}
                  onClick={() => {
                    keys.current = moved(keys.current, index, index + 1);
                    onChange(moved(items, index, index + 1));
                  }}
                />
                <IconButton
                  size="small"
                  label={`Remove ${name}`}
                  icon={<X size={14} />}
                  onClick={() => {
                    keys.current = keys.current.filter((_, at) => at !== index);
                    write(items.filter((_, at) => at !== index));
                  }}
                />
              </div>
            );
            const place = pointerTo(pointer, index);
            return (
              <div className="list-row" role="group" aria-label={name} data-flat={isFlat || undefined} key={keys.current[index]}>
                {isFlat ? (
                  <div className="list-fields">
                    {element.kind === 'object' ? (
                      fields.map((field) => (
                        <SettingField
                          key={field.name}
                          setting={inObject(field, isObject(item) ? item : {})}
                          value={isObject(item) ? item[field.name] : undefined}
                          onChange={(next) => change(withMember(isObject(item) ? item : {}, field.name, next))}
                          pointer={pointerTo(place, field.name)}
                          label={`${labelOf(field)} of ${name}`}
                          isBare
                        />
                      ))
                    ) : (
                      <SettingField
                        setting={{ ...element, required: false }}
                        value={item === '' ? undefined : item}
                        onChange={change}
                        pointer={place}
                        label={name}
                        isBare
                      />
                    )}
                  </div>
                ) : (
                  <>
                    <h3>{name}</h3>
                    <Settings settings={all} value={isObject(item) ? item : {}} onChange={change} pointer={place} />
                  </>
                )}
                {buttons}
                {isFlat && <MoreSettings settings={more} value={isObject(item) ? item : {}} onChange={change} pointer={place} />}
                {element.kind === 'object' &&
                  problemsAt(diagnostics, place).map((problem, at) => (
                    <div className="field-problem" data-severity={problem.severity} key={at}>
                      {problem.message}
                    </div>
                  ))}
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
          aria-label={`Add to ${label}`}
          onClick={() => onChange([...(items.length > 0 ? items : inherited), emptyOf(element)])}
        >
          Add
        </Button>
      )}
      <div className="field-hint">
        {setting.hint ?? setting.description}
        {inherited.length > 0 && <> {placeholderOf(setting)?.replace('default', 'Default:')}.</>}
      </div>
      {problems.map((problem, index) => (
        <div className="field-problem" data-severity={problem.severity} key={index}>
          {problem.message}
        </div>
      ))}
    </div>
  );
}

function emptyOf(element: Setting): Json {
  const first = effective(element, undefined);
  if (element.kind === 'object') return {};
  if (element.choices) return (typeof first === 'string' ? first : element.choices[0]) ?? '';
  return element.kind === 'boolean' ? false : element.kind === 'list' ? [] : '';
}

/** One of "Headers" is "Header". */
const singular = (label: string): string =>
  label.endsWith('ies')
    ? `${label.slice(0, -3)}y`
    : label.endsWith('ses') || label.endsWith('ches')
      ? label.slice(0, -2)
      : label.endsWith('s')
        ? label.slice(0, -1)
        : label;
