import type { Diagnostic } from '../api/types';
import { pathOf } from './contextPath';
import type { Flow } from './flow';
import type { Catalogue } from './ports';
import { readingsOf, replaceRead } from './reads';

/** What takes the place of a path that the server does not know. */
export interface Meant {
  path: string;
  change: (flow: Flow) => Flow;
}

/** The path that was probably meant, where the server knows a name for it; undefined for other problems. */
export function meantBy(flow: Flow, { pointer, meant }: Diagnostic, catalogue: Catalogue): Meant | undefined {
  // Of several paths in one text it is the one that the problem is about.
  const from =
    meant && readingsOf(flow, catalogue).find((reading) => reading.pointer === pointer && pathOf(reading.path) === meant.path)?.path;
  if (!from || meant.part >= from.length) return undefined;
  const to = from.map((segment, i) => (i === meant.part ? meant.name : segment));
  return { path: pathOf(to), change: (before) => replaceRead(before, pointer, from, to, catalogue) };
}
