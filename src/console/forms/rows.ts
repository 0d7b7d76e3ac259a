/** An object of texts by name, edited as rows, which may be unfinished. No DOM. */
import { writeJson } from '../api/json';
import type { Json, JsonObject } from '../api/types';
import { isObject } from '../graph/json';

export interface Row {
  name: string;
  value: string;
}

const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : writeJson(value);

export const rowsOf = (value: Json | undefined): Row[] =>
  isObject(value) ? Object.entries(value).map(([name, text]) => ({ name, value: textOf(text) })) : [];

/** The object that rows say; rows without a name say nothing yet, and of two with one name the first counts. */
export function objectOf(rows: Row[]): JsonObject | undefined {
  const named = rows.filter((row) => row.name.trim() !== '');
  if (named.length === 0) return undefined;
  const object: JsonObject = {};
  for (const { name, value } of named) if (!Object.hasOwn(object, name.trim())) object[name.trim()] = value;
  return object;
}

/** An entry of an object whose values are texts or, with a shorthand, objects that may be written as the one member so called. */
export interface RuleRow extends Row {
  /** The other members. */
  rule: JsonObject;
}

export const ruleRowsOf = (value: Json | undefined, shorthand?: string): RuleRow[] =>
  isObject(value)
    ? Object.entries(value).map(([name, entry]) => {
        if (!isObject(entry) || shorthand === undefined) return { name, value: textOf(entry), rule: {} };
        const { [shorthand]: text, ...rule } = entry;
        return { name, value: textOf(text), rule };
      })
    : [];

/** The object that such rows say: a text where there is nothing else to say. */
export function ruleObjectOf(rows: RuleRow[], shorthand?: string): JsonObject | undefined {
  const object = objectOf(rows);
  if (!object || shorthand === undefined) return object;
  for (const { name, value, rule } of [...rows].reverse())
    if (name.trim() !== '') object[name.trim()] = Object.keys(rule).length > 0 ? { [shorthand]: value, ...rule } : value;
  return object;
}

/** What is wrong with one row, or undefined. */
export function rowProblem(rows: Row[], index: number): string | undefined {
  const row = rows[index]!;
  if (row.name.trim() === '') return row.value === '' ? undefined : 'Give it a name.';
  return rows.findIndex((other) => other.name.trim() === row.name.trim()) < index
    ? `'${row.name.trim()}' stands twice; this one does not count.`
    : undefined;
}

/** An array with one item moved. */
export function moved<T>(items: T[], from: number, to: number): T[] {
  if (to < 0 || to >= items.length) return items;
  const result = [...items];
  result.splice(to, 0, ...result.splice(from, 1));
  return result;
}
