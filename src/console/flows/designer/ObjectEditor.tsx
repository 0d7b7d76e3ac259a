import { Plus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { parseJson, writeJson } from '../../api/json';
import type { Json, JsonObject } from '../../api/types';
import { CodeEditor, problemsAt, TemplateInput, useForm, type EditorProps } from '../../forms';
import { enteredOf, valueOf } from '../../graph/conditions';
import { isObject, objects, sameJson } from '../../graph/json';
import { pointerTo } from '../../graph/pointer';
import { Button, FixButton, IconButton, Input } from '../../ui';
import { useKnown } from './known';
import { askCallers, renameNamed } from './renames';
import { useDesignerStore } from './store';

interface Row {
  key: number;
  name: string;
  value: string;
  /** It was just added: typing goes on in it. */
  isNew?: boolean;
}

const rowsOf = (value: Json | undefined): Omit<Row, 'key'>[] =>
  isObject(value) ? Object.entries(value).map(([name, inner]) => ({ name, value: enteredOf(inner) })) : [];
const objectOf = (rows: readonly Omit<Row, 'key'>[]): JsonObject =>
  Object.fromEntries(rows.filter((row) => row.name.trim()).map((row) => [row.name.trim(), valueOf(row.value)])) as JsonObject;

/**
 * An object by names, such as claims or arguments: a row each, or the whole
 * as JSON. Numbers, true, false and JSON keep their type; templates too.
 */
export function ObjectEditor({ setting, value, onChange, pointer, label, input, problems, disabled }: EditorProps) {
  const { diagnostics, paths } = useForm();
  const [asJson, setAsJson] = useState(value !== undefined && !isObject(value));
  const [json, setJson] = useState<string>();
  const [rows, setRows] = useState<Row[]>([]);
  const lastKey = useRef(0);
  const was = useRef('');
  const store = useDesignerStore();
  const { flows } = useKnown();
  // What reads the claim follows it; what callers read of an output, they are asked about.
  const renamed = (from: string, to: string) => {
    if (setting.name === 'claims') renameNamed(store, { kind: 'member', path: ['claims', from] }, to);
    if (
      setting.name === 'outputs' &&
      !objects(store.getState().flow['activities']).some((end) => isObject(end['outputs']) && Object.hasOwn(end['outputs'], from))
    )
      void askCallers(store, flows, { kind: 'output', name: from }, to);
  };
  const isStale = !sameJson(objectOf(rows), objectOf(rowsOf(value)));
  const shown = isStale ? rowsOf(value).map((row) => ({ ...row, key: ++lastKey.current })) : rows;
  if (isStale) setRows(shown);

  const emit = (object: JsonObject) => onChange(Object.keys(object).length === 0 && !setting.required ? undefined : object);
  const write = (next: Row[]) => {
    setRows(next);
    emit(objectOf(next));
  };
  const text = json ?? (value === undefined ? '{}' : writeJson(value, 2));
  let broken: string | undefined;
  try {
    parseJson(text);
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error);
  }

  return (
    <div className="field" role="group" aria-labelledby={`${input.id}-label`}>
      <div className="field-label">
        <span id={`${input.id}-label`}>
          {label}
          {setting.required && (
            <span className="required" aria-hidden="true">
              {' '}
              *
            </span>
          )}
        </span>
        <Button
          size="small"
          kind="quiet"
          aria-label={asJson ? `${label} as rows` : `${label} as JSON`}
          disabled={asJson && value !== undefined && !isObject(value)}
          onClick={() => {
            setAsJson(!asJson);
            setJson(undefined);
          }}
        >
          {asJson ? 'Rows' : 'JSON'}
        </Button>
      </div>
      {asJson ? (
        <>
          <CodeEditor
            label={`${label} as JSON`}
            language="json"
            value={text}
            paths={paths}
            readOnly={disabled}
            onChange={(next) => {
              setJson(next);
              try {
                onChange(parseJson(next));
              } catch {
                // Said below; what stands in the flow stays until the text is JSON again.
              }
            }}
          />
          {broken && <div className="field-problem">{broken} Not saved until it is JSON.</div>}
        </>
      ) : (
        <>
          {shown.length > 0 && (
            <div className="map-rows">
              {shown.map((row, index) => {
                const double = row.name.trim() !== '' && shown.findIndex((other) => other.name.trim() === row.name.trim()) !== index;
                const found = row.name ? problemsAt(diagnostics, pointerTo(pointer, row.name.trim())) : [];
                const at = (change: Partial<Row>) => write(shown.map((other) => (other.key === row.key ? { ...other, ...change } : other)));
                return (
                  <div className="map-row" key={row.key}>
                    <Input
                      mono
                      aria-label={`${label}: name of row ${index + 1}`}
                      placeholder="name"
                      autoFocus={row.isNew}
                      value={row.name}
                      disabled={disabled}
                      aria-invalid={double || undefined}
                      onFocus={() => (was.current = row.name.trim())}
                      onBlur={() =>
                        was.current && row.name.trim() && was.current !== row.name.trim() && renamed(was.current, row.name.trim())
                      }
                      onChange={(event) => at({ name: event.target.value })}
                    />
                    <TemplateInput
                      aria-label={`${label}: value of ${row.name || `row ${index + 1}`}`}
                      placeholder="value"
                      value={row.value}
                      disabled={disabled}
                      onChange={(next) => at({ value: next })}
                    />
                    <IconButton
                      label={`Remove ${row.name || `row ${index + 1}`}`}
                      icon={<X size={15} />}
                      disabled={disabled}
                      onClick={() => write(shown.filter((other) => other.key !== row.key))}
                    />
                    {double && <div className="field-problem">“{row.name}” is there twice; the last one counts.</div>}
                    {found.map((problem, at) => (
                      <div className="field-problem" data-severity={problem.severity} key={at}>
                        <span>
                          {problem.message} <FixButton fix={problem.fix} />
                        </span>
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
              onClick={() => setRows([...shown, { key: ++lastKey.current, name: '', value: '', isNew: true }])}
            >
              Add
            </Button>
          )}
        </>
      )}
      <div className="field-hint">{setting.description}</div>
      {problems.map((problem, index) => (
        <div className="field-problem" data-severity={problem.severity} key={index}>
          <span>
            {problem.message} <FixButton fix={problem.fix} />
          </span>
        </div>
      ))}
    </div>
  );
}
