import type { Diagnostic } from '../api/types';
import { pathOf, type Segment } from './contextPath';
import type { Flow } from './flow';
import type { Catalogue } from './ports';
import { readingsOf, replaceRead } from './reads';

/** What takes the place of a path that the server does not know. */
export interface Meant {
  path: string;
  change: (flow: Flow) => Flow;
}

/** The path that was probably meant, where the server knows a name for it; undefined for other problems. */
export function meantBy(flow: Flow, problem: Diagnostic, catalogue: Catalogue): Meant | undefined {
  const name = problem.code.startsWith('path.') ? /'([^']+)'\?/.exec(problem.advice)?.[1] : undefined;
  if (name === undefined) return undefined;
  const here = readingsOf(flow, catalogue).filter((reading) => reading.pointer === problem.pointer);
  // Of several paths in one text it is the one that the problem is about.
  const from = here.find(({ path }) => problem.message.includes(pathOf(path)))?.path ?? (here.length === 1 ? here[0]!.path : undefined);
  const wrong = from && nearest(from, name);
  if (!from || wrong === undefined) return undefined;
  const to = from.map((segment, i) => (i === wrong ? name : segment));
  return { path: pathOf(to), change: (before) => replaceRead(before, problem.pointer, from, to, catalogue) };
}

/** The segment behind the root that is most like a name. */
function nearest(path: readonly Segment[], name: string): number | undefined {
  let best: { at: number; distance: number } | undefined;
  path.forEach((segment, at) => {
    if (at === 0 || typeof segment !== 'string') return;
    const apart = distance(segment.toLowerCase(), name.toLowerCase());
    if (!best || apart < best.distance) best = { at, distance: apart };
  });
  return best?.at;
}

/** How many letters have to change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
