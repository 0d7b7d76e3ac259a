import type { RunHead } from '../api/types';

export interface RunPage {
  runs: RunHead[];
  next: string | null;
}

/** Runs as far as they were loaded, the newest first. Shared and immutable. */
export interface RunList extends RunPage {
  /** The numbers of those that came while the page was watched. */
  fresh: ReadonlySet<number>;
}

export const listOf = (page: RunPage): RunList => ({ ...page, fresh: new Set() });

/** Whether a run stands before another in the list. */
const isBefore = (a: RunHead, b: RunHead): boolean => (a.createdAt === b.createdAt ? a.number > b.number : a.createdAt > b.createdAt);

/**
 * The list after its newest part was read again: changed runs change, new ones come, those that do not fit the filter any more go. What is
 * older than that part stays. When so many are new that runs between the two may be missing, the list begins anew.
 */
export function refreshed(list: RunList, head: RunPage): RunList {
  const oldest = head.runs.at(-1);
  if (!oldest || head.next === null) return { ...head, fresh: newcomers(list, head) };
  const older = list.runs.filter((run) => isBefore(oldest, run));
  const meets = list.runs.length === 0 || list.runs.some((run) => run.number === oldest.number || isBefore(run, oldest));
  if (!meets || older.length === 0) return { ...head, fresh: newcomers(list, head) };
  return { runs: [...head.runs, ...older], next: list.next, fresh: newcomers(list, head) };
}

function newcomers(list: RunList, head: RunPage): ReadonlySet<number> {
  const newest = list.runs[0];
  const known = new Set(list.runs.map((run) => run.number));
  return new Set([
    ...list.fresh,
    ...head.runs.filter((run) => !known.has(run.number) && (!newest || isBefore(run, newest))).map((run) => run.number),
  ]);
}

/** The list with the next page at its end. */
export function extended(list: RunList, page: RunPage): RunList {
  const known = new Set(list.runs.map((run) => run.number));
  return { ...list, runs: [...list.runs, ...page.runs.filter((run) => !known.has(run.number))], next: page.next };
}

export const hasEnded = (run: Pick<RunHead, 'status'>): boolean => run.status !== 'waiting' && run.status !== 'running';

/** Whether nobody can go on with a run any more, although it has not been marked as ended yet. */
export const hasExpired = (run: RunHead, now: number): boolean => !hasEnded(run) && Date.parse(run.expiresAt) <= now;

/**
 * How long a run took, or takes so far, in milliseconds: in all, how long it was worked
 * on, and how long it waited for a person. The last two are unknown for runs of before.
 */
export function runTimes(run: RunHead, now: number): { total: number; worked: number | undefined; waited: number | undefined } {
  const total = Math.max(
    0,
    (hasEnded(run) ? Date.parse(run.updatedAt) : Math.min(now, Date.parse(run.expiresAt))) - Date.parse(run.createdAt),
  );
  if (run.workedMs === null) return { total, worked: undefined, waited: undefined };
  // While it runs, what it was worked on since it was last stored is not in it yet.
  const since = run.status === 'running' ? Math.max(0, now - Date.parse(run.updatedAt)) : 0;
  const worked = Math.min(total, run.workedMs + since);
  return { total, worked, waited: total - worked };
}
