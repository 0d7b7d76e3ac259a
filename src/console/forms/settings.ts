/** What a form does with settings: labels, defaults, which ones count. No DOM. */
import { isExactNumber, numberOfText, writeJson, type ExactNumber } from '../api/json';
import type { Json, JsonObject, Setting } from '../api/types';
import { isObject, sameJson, withMember } from '../graph/json';

/** The value that counts where none is written: the default, or undefined. */
export const effective = (setting: Setting, value: Json | undefined): Json | undefined =>
  value === undefined || value === null ? setting.default : value;

/**
 * What to write for a value that was entered: nothing where it says the
 * same as the default or is empty. What is required is always written.
 */
export function toWrite(setting: Setting, value: Json | undefined): Json | undefined {
  if (value === undefined || value === '') return undefined;
  if (!setting.required && setting.default !== undefined && sameJson(value, setting.default)) return undefined;
  return value;
}

/** What a number's text means: a number, the text itself when it is none, or undefined when it is empty. */
export function numberOf(text: string, kind: 'integer' | 'number'): number | ExactNumber | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const isNumber = kind === 'integer' ? /^[+-]?\d+$/.test(trimmed) : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed);
  const number = Number(trimmed);
  if (!isNumber || !Number.isFinite(number)) return text;
  // What only digits after the last that counts tell apart from a number is that number; a longer one keeps its digits.
  return kind === 'integer' && !Number.isSafeInteger(number)
    ? numberOfText(trimmed.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1'))
    : number;
}

/** "1 to 60 seconds", "at most 5", or nothing. */
export function limitsOf({ minimum, maximum, unit }: Setting): string | undefined {
  const what = unit ? ` ${unit}` : '';
  if (minimum !== undefined && maximum !== undefined) return `${group(minimum, unit)} to ${group(maximum, unit)}${what}`;
  if (minimum !== undefined) return `at least ${group(minimum, unit)}${what}`;
  if (maximum !== undefined) return `at most ${group(maximum, unit)}${what}`;
  return unit;
}

/** What is wrong with a number that was entered, or undefined. */
export function numberProblem(setting: Setting, value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' && !isExactNumber(value)) return setting.kind === 'integer' ? 'Write a whole number.' : 'Write a number.';
  if (
    (setting.minimum !== undefined && Number(value) < setting.minimum) ||
    (setting.maximum !== undefined && Number(value) > setting.maximum)
  )
    return `Use ${limitsOf(setting)}.`;
  return undefined;
}

// Amounts are grouped; a port is no amount.
const group = (number: number, unit: string | undefined): string =>
  unit && Math.abs(number) >= 10_000 ? number.toLocaleString('en-US') : String(number);

/** "default 10 seconds", for where nothing is entered. */
export function placeholderOf(setting: Setting): string | undefined {
  if (setting.default === undefined || setting.default === null) return undefined;
  const shown = Array.isArray(setting.default)
    ? setting.default.join(', ')
    : typeof setting.default === 'object'
      ? writeJson(setting.default)
      : String(setting.default);
  return `default ${shown}`;
}

/** When a setting counts: only while another one has one of these values. */
export type When = NonNullable<Setting['when']>;

/**
 * The conditions under which settings of one object count, as they say. Where a setting chooses a variant (its choices are names of its siblings,
 * as the method of an authentication does), a sibling counts when it is chosen.
 */
export function conditionsOf(settings: Setting[]): Record<string, When> {
  const conditions = variantsOf(settings);
  for (const { name, when } of settings) if (when) conditions[name] = when;
  return conditions;
}

/** The settings that are a choice of one of their siblings. */
export function variantsOf(settings: Setting[]): Record<string, When> {
  const names = new Set(settings.map((setting) => setting.name));
  const found: Record<string, When> = {};
  for (const setting of settings) {
    const variants = (setting.choices ?? []).filter((choice) => names.has(choice) && choice !== setting.name);
    if (variants.length >= 2) for (const variant of variants) found[variant] = { setting: setting.name, is: [variant] };
  }
  return found;
}

/** Whether a setting counts in an object as it is. */
export function counts(name: string, settings: Setting[], conditions: Record<string, When>, object: JsonObject): boolean {
  const when = conditions[name];
  const chooser = when && settings.find((setting) => setting.name === when.setting);
  return !when || !chooser || when.is.includes(String(effective(chooser, object[when.setting]) ?? ''));
}

/**
 * The object after one of its settings changed. What no longer counts is taken out and kept aside; what counts again comes back from there,
 * so that trying another choice loses nothing and writes nothing that the server would refuse.
 * @param aside what was taken out before; it is changed.
 */
export function change(
  object: JsonObject,
  name: string,
  value: Json | undefined,
  settings: Setting[],
  conditions: Record<string, When>,
  aside: Map<string, Json>,
): JsonObject {
  let result = withMember(object, name, value);
  for (const setting of settings) {
    if (conditions[setting.name]?.setting !== name || conditions[setting.name]!.unlessGiven) continue;
    const before = counts(setting.name, settings, conditions, object);
    const after = counts(setting.name, settings, conditions, result);
    const kept = result[setting.name];
    if (before && !after && kept !== undefined) {
      aside.set(setting.name, kept);
      result = withMember(result, setting.name, undefined);
    } else if (!before && after && kept === undefined && aside.has(setting.name)) {
      result = withMember(result, setting.name, aside.get(setting.name));
    }
  }
  return result;
}

const words: Record<string, string> = {
  url: 'URL',
  id: 'ID',
  ip: 'IP',
  ips: 'IPs',
  hmac: 'HMAC',
  http: 'HTTP',
  api: 'API',
  sql: 'SQL',
  ssl: 'TLS',
  json: 'JSON',
  jwt: 'JWT',
  uri: 'URI',
};

const labels: Record<string, string> = {
  src: 'Address of the image',
  alt: 'Description of the image',
  href: 'Address',
};

const choiceLabels: Record<string, string> = {
  json: 'JSON',
  verifyCa: 'Verify the authority',
  verifyFull: 'Verify authority and host name',
};

/** What a setting is called: its label, or its name in words: "baseUrl" is "Base URL". */
export function labelOf(setting: string | Pick<Setting, 'name' | 'label'>): string {
  if (typeof setting !== 'string' && setting.label) return setting.label;
  const name = typeof setting === 'string' ? setting : setting.name;
  if (labels[name]) return labels[name];
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[ _-]/);
  const text = parts.map((part) => words[part] ?? part).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The words for one choice of a setting: those of the setting, where it has some. Names in capitals, such as GET, stay as they are. */
export const choiceLabelOf = (choice: string, setting?: Pick<Setting, 'options'>): string =>
  setting?.options?.find(({ value }) => value === choice)?.label ??
  choiceLabels[choice] ??
  (choice === choice.toUpperCase() ? choice : labelOf(choice));

/** A part of a form, with a heading; folded until somebody opens it, unless something in it is set or wrong. */
export interface Section {
  title: string;
  folded: boolean;
  settings: Setting[];
}

/** The sections of a form, in the order of their first setting; what says no section comes last. Undefined where none says one. */
export function sectionsOf(settings: Setting[]): Section[] | undefined {
  if (!settings.some((setting) => setting.section)) return undefined;
  const sections = new Map<string, Section>();
  for (const setting of [...settings.filter((one) => one.section), ...settings.filter((one) => !one.section)]) {
    const title = setting.section ?? 'More';
    const known = sections.get(title) ?? { title, folded: false, settings: [] };
    sections.set(title, { title, folded: known.folded || setting.folded === true, settings: [...known.settings, setting] });
  }
  return [...sections.values()];
}

/** The setting as it is in an object: a text that another member makes a secret is edited as one. */
export const inObject = (setting: Setting, object: JsonObject): Setting =>
  setting.secretWhen !== undefined && object[setting.secretWhen] === true ? { ...setting, kind: 'secret' } : setting;

/** The members of an object that no setting describes. */
export const unknownMembers = (object: JsonObject, settings: Setting[]): string[] =>
  Object.keys(object).filter((name) => !settings.some((setting) => setting.name === name));

/** Whether a value says something: not absent, and not an empty object or list. */
export const isGiven = (value: Json | undefined): boolean =>
  value !== undefined &&
  value !== null &&
  !(isObject(value) && Object.keys(value).length === 0) &&
  !(Array.isArray(value) && value.length === 0);
