import { Plus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, FixButton, IconButton, Input } from '../ui';
import { useForm, type EditorProps } from './context';
import { problemsAt, problemsWithin } from './diagnostics';
import { sameJson } from '../graph/json';
import { pointerTo } from '../graph/pointer';
import { MoreSettings } from './MoreSettings';
import { rowProblem, ruleObjectOf, ruleRowsOf, type RuleRow } from './rows';
import { TemplateInput } from './TemplateInput';

type KeyedRow = RuleRow & { key: number };

/**
 * Texts by name, such as headers, a row each; where each may be a rule, with what else there is to say below it. Rows that are not
 * finished stay until they are.
 */
export function TemplateMapEditor({ setting, value, onChange, pointer, label, input, problems, disabled }: EditorProps) {
  const { definitions, diagnostics } = useForm();
  const shorthand = setting.element?.shorthand;
  const more =
    shorthand === undefined ? [] : (definitions[setting.element?.definition ?? ''] ?? []).filter(({ name }) => name !== shorthand);
  const [rows, setRows] = useState<KeyedRow[]>([]);
  const lastKey = useRef(0);
  // Something else changed the value: an undo, a paste, another version.
  const isStale = !sameJson(ruleObjectOf(rows, shorthand) ?? {}, ruleObjectOf(ruleRowsOf(value, shorthand), shorthand) ?? {});
  const shown = isStale ? ruleRowsOf(value, shorthand).map((row) => ({ ...row, key: ++lastKey.current })) : rows;
  if (isStale) setRows(shown);

  const withinText = (place: string) => (shorthand === undefined ? [] : problemsWithin(diagnostics, pointerTo(place, shorthand)));
  const write = (next: KeyedRow[]) => {
    setRows(next);
    onChange(ruleObjectOf(next, shorthand));
  };
  return (
    <div className="field" role="group" aria-labelledby={`${input.id}-label`}>
      <div className="field-label">
        <span id={`${input.id}-label`}>{label}</span>
      </div>
      {shown.length > 0 && (
        <div className="map-rows">
          {shown.map((row, index) => {
            const own = rowProblem(shown, index);
            const name = row.name || `row ${index + 1}`;
            const place = pointerTo(pointer, row.name.trim());
            const found = row.name ? [...problemsAt(diagnostics, place), ...withinText(place)] : [];
            const at = (change: Partial<RuleRow>) => write(shown.map((other) => (other.key === row.key ? { ...other, ...change } : other)));
            return (
              <div className="map-row" role="group" aria-label={`${label}: ${name}`} key={row.key}>
                <Input
                  mono
                  aria-label={`${label}: name of row ${index + 1}`}
                  placeholder="name"
                  autoFocus={row.name === ''}
                  value={row.name}
                  disabled={disabled}
                  aria-invalid={own !== undefined || undefined}
                  onChange={(event) => at({ name: event.target.value })}
                />
                <TemplateInput
                  aria-label={`${label}: value of ${name}`}
                  placeholder="value"
                  isLine
                  value={row.value}
                  disabled={disabled}
                  aria-invalid={found.some((one) => one.severity === 'error') || undefined}
                  onChange={(text) => at({ value: text })}
                />
                <IconButton
                  label={`Remove ${name}`}
                  icon={<X size={15} />}
                  disabled={disabled}
                  onClick={() => write(shown.filter((other) => other.key !== row.key))}
                />
                {own && <div className="field-problem">{own}</div>}
                {found.map((problem, at) => (
                  <div className="field-problem" data-severity={problem.severity} key={at}>
                    <span>
                      {problem.message} <FixButton fix={problem.fix} />
                    </span>
                  </div>
                ))}
                <MoreSettings settings={more} value={row.rule} onChange={(rule) => at({ rule })} pointer={place} />
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
          onClick={() => setRows([...shown, { name: '', value: '', rule: {}, key: ++lastKey.current }])}
        >
          Add
        </Button>
      )}
      <div className="field-hint">{setting.hint ?? setting.description}</div>
      {problems.map((problem, index) => (
        <div className="field-problem" data-severity={problem.severity} key={index}>
          {problem.message}
        </div>
      ))}
    </div>
  );
}
