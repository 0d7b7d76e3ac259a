/** A connector's definition, as its page edits it. No DOM. */
import type { ConnectorType, Json, JsonObject } from '../api/types';
import { isObject, sameJson, withMember } from '../graph/json';
import { pointerTo } from '../graph/pointer';
import { mask } from '../forms/secret';

export const configurationOf = (definition: JsonObject): JsonObject =>
  isObject(definition['configuration']) ? definition['configuration'] : {};

export const textAt = (definition: JsonObject, name: string): string => (typeof definition[name] === 'string' ? definition[name] : '');

/** An id made of a name: "Profile API" is profile-api. */
export function idOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 100)
    .replace(/-+$/, '');
}

/** A new connector of a type. What has to be chosen begins with the first there is. */
export function newDefinition({ type, settings }: Pick<ConnectorType, 'type' | 'settings'>): JsonObject {
  const chosen = settings.filter((setting) => setting.required && setting.default === undefined && setting.choices?.[0] !== undefined);
  return { id: '', type, name: '', configuration: Object.fromEntries(chosen.map(({ name, choices }) => [name, choices![0]!])) };
}

/** The value of a fixed header that the connector sends; "" without one.
 * @param setting the setting that has the headers */
export function headerOf(definition: JsonObject, setting: string, name: string): string {
  const row = headersOf(definition, setting).find((header) => isNamed(header, name));
  return isObject(row) && typeof row['value'] === 'string' ? row['value'] : '';
}

/** Where a header stands in the definition, as a JSON Pointer; undefined where it does not. */
export function headerPointer(definition: JsonObject, setting: string, name: string): string | undefined {
  const index = headersOf(definition, setting).findIndex((header) => isNamed(header, name));
  return index < 0 ? undefined : `/configuration/${setting}/${index}`;
}

/** The definition with a header set; an empty value takes it out. */
export function withHeader(definition: JsonObject, setting: string, name: string, value: string): JsonObject {
  const headers = headersOf(definition, setting);
  const index = headers.findIndex((header) => isNamed(header, name));
  const next =
    value === ''
      ? headers.filter((_, at) => at !== index)
      : index < 0
        ? [...headers, { key: name, value }]
        : headers.map((header, at) => (at === index && isObject(header) ? { ...header, value } : header));
  return { ...definition, configuration: withMember(configurationOf(definition), setting, next.length > 0 ? next : undefined) };
}

const isNamed = (header: Json, name: string): boolean => isObject(header) && String(header['key'] ?? '').toLowerCase() === name;

function headersOf(definition: JsonObject, setting: string): Json[] {
  const headers = configurationOf(definition)[setting];
  return Array.isArray(headers) ? headers : [];
}

export interface Difference {
  pointer: string;
  mine: Json | undefined;
  theirs: Json | undefined;
}

/** Where two definitions differ, by the smallest members that do. */
export function differences(mine: Json | undefined, theirs: Json | undefined, pointer = ''): Difference[] {
  if (sameJson(mine, theirs)) return [];
  if (!isObject(mine) || !isObject(theirs)) return [{ pointer, mine, theirs }];
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return [...names].flatMap((name) => differences(mine[name], theirs[name], pointerTo(pointer, name)));
}

/** The definition as a file may hold it: a stored secret, which is never told, is read from a variable of the environment. */
export function fileOf(definition: JsonObject): JsonObject {
  const shown = (value: Json, path: string[]): Json =>
    value === mask
      ? `env:${path
          .join('_')
          .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
          .replace(/[^A-Za-z0-9]+/g, '_')
          .toUpperCase()}`
      : Array.isArray(value)
        ? value.map((item, index) => shown(item, [...path, String(index)]))
        : isObject(value)
          ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shown(member, [...path, name])]))
          : value;
  return { ...definition, configuration: shown(configurationOf(definition), [textAt(definition, 'id')]) };
}
