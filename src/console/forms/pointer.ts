/** JSON Pointers (RFC 6901), and what stands where they point. No DOM. */
import { isExactNumber } from '../api/json';
import type { Json, JsonObject } from '../api/types';

export type Segment = string | number;

/** The pointer of a place below another. */
export const pointerTo = (base: string, ...segments: Segment[]): string =>
  base + segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The names and indexes of a pointer, as text. */
export const segmentsOf = (pointer: string): string[] =>
  pointer === ''
    ? []
    : pointer
        .split('/')
        .slice(1)
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Whether a pointer is the other one or stands below it. */
export const isWithin = (pointer: string, base: string): boolean => pointer === base || pointer.startsWith(`${base}/`);

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/** The object with one member changed; undefined removes it. All others stay as they are, in their order. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [name]: value };
  const { [name]: _, ...rest } = object;
  return rest;
}

/** Whether two JSON values are the same; the order of an object's members does not count. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left))
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  if (isExactNumber(left) && isExactNumber(right)) return left.value === right.value;
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]))
  );
}
