import type { JsonObject, Setting } from '../../api/types';
import { text } from '../../graph/json';

const input = ['name', 'label', 'required', 'placeholder', 'default', 'minLength', 'maxLength', 'pattern'];

/** The settings that a type of component uses, in the order in which they are asked for. */
const used: Record<string, string[]> = {
  Text: ['text', 'variant'],
  Image: ['src', 'alt'],
  Link: ['text', 'id', 'href'],
  Divider: [],
  ErrorMessage: ['text'],
  TextInput: input,
  EmailInput: input,
  PhoneInput: input,
  PasswordInput: ['name', 'label', 'required', 'placeholder', 'minLength', 'maxLength', 'pattern'],
  CodeInput: input,
  Checkbox: ['name', 'label', 'required', 'default'],
  Select: ['name', 'label', 'required', 'placeholder', 'default', 'options'],
  Button: ['text', 'id', 'variant'],
};

const variants: Record<string, string[]> = { Text: ['title', 'subtitle', 'body', 'caption'], Button: ['primary', 'secondary'] };

const known = new Set(['type', ...Object.values(used).flat()]);

/** The settings to show for a component: those its type uses, those that are set all the same, and those this console does not know yet. */
export function settingsFor(component: JsonObject, all: readonly Setting[]): Setting[] {
  const type = text(component['type']);
  const order = used[type];
  const own = order
    ? order.flatMap((name) => all.find((setting) => setting.name === name) ?? [])
    : all.filter((setting) => setting.name !== 'type');
  const rest = all.filter(
    (setting) => !own.includes(setting) && setting.name !== 'type' && (component[setting.name] !== undefined || !known.has(setting.name)),
  );
  return [...own, ...rest].map((setting) =>
    setting.name === 'variant' && variants[type] ? { ...setting, choices: variants[type] } : setting,
  );
}

/** How a component is called in a list. */
export function componentTitle(component: JsonObject): string {
  const words =
    text(component['label']) || text(component['text']) || text(component['alt']) || text(component['name']) || text(component['id']);
  return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}
