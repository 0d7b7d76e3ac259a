import type { JsonObject, Setting } from '../api/types';
import { Disclosure } from '../ui';
import { useForm } from './context';
import { problemsWithin } from './diagnostics';
import { pointerTo } from '../graph/pointer';
import { Settings } from './SettingsForm';
import { isGiven } from './settings';

/** What few elements of a list or a map say: folded below the element, unless something in it is given or wrong. */
export function MoreSettings({
  settings,
  value,
  onChange,
  pointer,
}: {
  settings: Setting[];
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  pointer: string;
}) {
  const { diagnostics } = useForm();
  if (settings.length === 0) return null;
  const isOpen = settings.some(({ name }) => isGiven(value[name]) || problemsWithin(diagnostics, pointerTo(pointer, name)).length > 0);
  const plain = settings.map(({ section: _, folded: __, ...setting }): Setting => setting);
  return (
    <Disclosure title={settings[0]!.section ?? 'More'} folded={!isOpen}>
      <Settings settings={plain} value={value} onChange={onChange} pointer={pointer} />
    </Disclosure>
  );
}
