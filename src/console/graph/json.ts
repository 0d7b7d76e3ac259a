import { isExactNumber } from '../api/json';
import type { Json, JsonObject } from '../api/types';

// Small immutable edits of JSON. What is not named stays as it is, in its place: a file that goes through the designer comes out the same.

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** The objects of an array; what is no object is left out. */
export const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The components of a screen in their order, those in containers behind their container. */
export const componentsOf = (item: JsonObject | undefined): JsonObject[] =>
  objects(item?.['components']).flatMap((component) => [component, ...componentsOf(component)]);

/** The object with a member set; a member that is there keeps its place. Undefined takes it away. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value === undefined) {
    if (!Object.hasOwn(object, name)) return object;
    const { [name]: _, ...rest } = object;
    return rest;
  }
  return Object.hasOwn(object, name) && object[name] === value ? object : { ...object, [name]: value };
}

/** The object with a member under another name, in the same place. */
export function renameMember(object: JsonObject, from: string, to: string): JsonObject {
  if (from === to || !Object.hasOwn(object, from)) return object;
  return Object.fromEntries(
    Object.entries(object)
      .filter(([name]) => name !== to)
      .map(([name, value]) => [name === from ? to : name, value]),
  ) as JsonObject;
}

export const replaceAt = <T>(items: readonly T[], index: number, item: T): T[] => items.map((old, i) => (i === index ? item : old));

export const removeAt = <T>(items: readonly T[], index: number): T[] => items.filter((_, i) => i !== index);

export function moveItem<T>(items: readonly T[], from: number, to: number): T[] {
  if (from === to || from < 0 || to < 0 || from >= items.length || to >= items.length) return [...items];
  const rest = removeAt(items, from);
  return [...rest.slice(0, to), items[from]!, ...rest.slice(to)];
}

/** Whether two values are the same JSON; the order of members does not count. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  if (isExactNumber(a) && isExactNumber(b)) return a.value === b.value;
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]));
}

/** The value with every text in it changed; what has no changed text is kept as the same object. */
export function mapTexts<T extends Json>(value: T, change: (text: string, name: string) => string, name = ''): T {
  if (typeof value === 'string') return change(value, name) as T;
  if (Array.isArray(value)) {
    const items = value.map((item) => mapTexts(item, change, name));
    return (items.some((item, i) => item !== value[i]) ? items : value) as T;
  }
  if (!isObject(value)) return value;
  let changed = false;
  const entries = Object.entries(value).map(([member, inner]) => {
    const next = mapTexts(inner, change, member);
    changed ||= next !== inner;
    return [member, next] as const;
  });
  return (changed ? Object.fromEntries(entries) : value) as T;
}
