import type { ActivityType } from '../api/types';
import type { Flow } from './flow';
import { everyActivity } from './described';
import { activityIds } from './flow';
import { text } from './json';

// The server's own rule for ids of flows, activities, screens and connectors.
const valid = /^[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._-]{0,99}$/;

export const isId = (id: string): boolean => valid.test(id);

/** What is wrong with an id, in words, or undefined. */
export function idProblem(id: string, taken: Iterable<string>): string | undefined {
  if (!id) return 'An id is needed.';
  if (!isId(id)) return 'Use letters, digits, "-", "_" and "."; begin with a letter or digit.';
  return new Set(taken).has(id) ? `"${id}" is taken.` : undefined;
}

/** Every id that an activity must not take: those inside Parallel and ForEach too. */
export function takenIds(flow: Flow): Set<string> {
  return new Set([...activityIds(flow), ...everyActivity(flow).map((item) => text(item['id']))]);
}

/** The wish, or the wish with the next free number: lookup, lookup2, lookup3. */
export function uniqueId(wish: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  if (!used.has(wish)) return wish;
  const stem = wish.replace(/\d+$/, '') || wish;
  for (let number = 2; ; number++) if (!used.has(`${stem}${number}`)) return `${stem}${number}`;
}

/** How the first activity of a type is called when nobody named it. */
export const stemOf = (type: ActivityType): string => type.stem.replace(/[^A-Za-z0-9._-]/g, '') || 'activity';

/** An id from words: "User Not Found" → "user-not-found". */
export const slug = (words: string): string =>
  words
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
