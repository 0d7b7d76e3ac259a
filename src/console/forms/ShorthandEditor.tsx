import { Select } from '../ui';
import type { JsonObject } from '../api/types';
import { useForm, type EditorProps } from './context';
import { isObject, withMember } from '../graph/json';
import { pointerTo } from '../graph/pointer';
import { SettingField } from './SettingField';
import { effective, labelOf } from './settings';

/** What the list calls all the other settings together. */
const OTHERS = '.';

/** An object that is written as one of its settings, a choice, or else has others in its place. */
export function ShorthandEditor({ setting, value, onChange, pointer, label, input, disabled }: EditorProps) {
  const settings = useForm().definitions[setting.definition ?? ''] ?? [];
  const choice = settings.find(({ name }) => name === setting.shorthand);
  const others = settings.filter((other) => other !== choice);
  if (!choice || !others[0]) return null;
  const chosen = isObject(value) ? value[setting.shorthand!] : value;
  const hasOthers = isObject(value) && chosen === undefined;
  // An empty object would mean the standard: until something is filled in, one of them stands there empty, which is told as a problem.
  const nothing: JsonObject = { [others[0].name]: '' };
  const filled = (object: JsonObject) => {
    const members = Object.entries(object).filter(([, member]) => member !== '');
    return members.length > 0 ? Object.fromEntries(members) : nothing;
  };
  // What has to be there has no standard that it could be without.
  const standard = !setting.required ? effective(choice, undefined) : undefined;
  return (
    <>
      <Select
        {...input}
        aria-label={label}
        disabled={disabled}
        value={hasOthers ? OTHERS : String(chosen ?? standard ?? '')}
        onChange={(event) => {
          const next = event.target.value;
          if (next === OTHERS) onChange(nothing);
          else onChange(next === standard ? undefined : next);
        }}
      >
        {standard === undefined && chosen === undefined && !hasOthers && <option value="">Choose…</option>}
        {choice.options?.map((option) => (
          <option value={String(option.value)} key={String(option.value)}>
            {option.label}
          </option>
        ))}
        <option value={OTHERS}>{others.length === 1 ? labelOf(others[0]) : `By ${others.map(labelOf).join(', ').toLowerCase()}`}</option>
      </Select>
      {hasOthers &&
        others.map((other) => (
          <SettingField
            key={other.name}
            setting={other}
            value={value[other.name] === '' ? undefined : value[other.name]}
            onChange={(next) => onChange(filled(withMember(value, other.name, next)))}
            pointer={pointerTo(pointer, other.name)}
            label={`${label}: ${labelOf(other)}`}
            isBare={others.length === 1}
          />
        ))}
    </>
  );
}
