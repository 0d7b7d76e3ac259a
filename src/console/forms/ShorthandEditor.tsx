import { Select } from '../ui';
import { useForm, type EditorProps } from './context';
import { isObject } from '../graph/json';
import { pointerTo } from '../graph/pointer';
import { SettingField } from './SettingField';
import { effective, labelOf } from './settings';

/** An object that is written as one of its settings, a choice, or else has another one in its place. */
export function ShorthandEditor({ setting, value, onChange, pointer, label, input, disabled }: EditorProps) {
  const settings = useForm().definitions[setting.definition ?? ''] ?? [];
  const choice = settings.find(({ name }) => name === setting.shorthand);
  const others = settings.filter((other) => other !== choice);
  const given = isObject(value) ? others.find(({ name }) => value[name] !== undefined) : undefined;
  const chosen = isObject(value) ? value[setting.shorthand!] : value;
  const standard = choice && effective(choice, undefined);
  return (
    <>
      <Select
        {...input}
        aria-label={label}
        disabled={disabled}
        value={given ? `.${given.name}` : String(chosen ?? standard ?? '')}
        onChange={(event) => {
          const next = event.target.value;
          if (next.startsWith('.')) onChange({ [next.slice(1)]: '' });
          else onChange(next === standard ? undefined : next);
        }}
      >
        {choice?.options?.map((option) => (
          <option value={String(option.value)} key={String(option.value)}>
            {option.label}
          </option>
        ))}
        {others.map((other) => (
          <option value={`.${other.name}`} key={other.name}>
            {labelOf(other)}
          </option>
        ))}
      </Select>
      {given && isObject(value) && (
        <SettingField
          setting={given}
          value={value[given.name] === '' ? undefined : value[given.name]}
          onChange={(next) => onChange({ [given.name]: next ?? '' })}
          pointer={pointerTo(pointer, given.name)}
          label={`${label}: ${labelOf(given)}`}
          isBare
        />
      )}
    </>
  );
}
