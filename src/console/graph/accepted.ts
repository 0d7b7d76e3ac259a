import type { Json } from '../api/types';

/** A failure that the published version of a flow accepts, and who published that first. */
export interface Accepted {
  failure: string;
  version: number;
  author: string;
  acceptedAt: string;
}

/** An entry of a flow's `accepts` as the server tells it: "activity: way"; undefined for what is none. */
export function entryOf(line: string): string | undefined {
  const colon = line.indexOf(':');
  if (colon < 0) return undefined;
  const [activity, way] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  return activity && way ? `${activity}: ${way}` : undefined;
}

/** The entries of a draft, each once, with who accepted it; what is not published yet has nobody. */
export function acceptedBy(lines: readonly string[], published: readonly Accepted[]): { failure: string; by: Accepted | undefined }[] {
  const entries = new Set(lines.map(entryOf).filter((entry) => entry !== undefined));
  return [...entries].map((failure) => ({ failure, by: published.find((item) => item.failure === failure) }));
}

/** The same entries when an activity has another id, also where it is a subflow in which the failing one lies. */
export const renameActivityIn = (entries: readonly Json[], id: string, to: string): Json[] =>
  entries.map((entry) => {
    if (typeof entry !== 'string') return entry;
    const end = entry.search(/[:/]/);
    return end >= 0 && entry.slice(0, end).trim() === id ? to + entry.slice(end) : entry;
  });

/** The same entries when an outcome of an activity has another name. */
export const renameOutcomeIn = (entries: readonly Json[], activity: string, from: string, to: string): Json[] =>
  entries.map((entry) => (typeof entry === 'string' && entryOf(entry) === `${activity}: ${from}` ? `${activity}: ${to}` : entry));
