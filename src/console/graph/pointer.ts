/** JSON Pointers (RFC 6901). */

export type Segment = string | number;

/** The pointer of a place below another. */
export const pointerTo = (base: string, ...segments: Segment[]): string =>
  base + segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The names and indexes of a pointer, as text. */
export const segmentsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Whether a pointer is the other one or stands below it. */
export const isWithin = (pointer: string, base: string): boolean => pointer === base || pointer.startsWith(`${base}/`);
