import type { RunDetail, Step } from '../api/types';
import type { Jump, Mark } from '../canvas/views';
import { connectionId } from '../graph/layout';
import { connections } from '../graph/flow';
import { hasEnded } from './list';

/** A step as it is listed: numbered, and tied to the activity of the flow that it belongs to. */
export interface Entry {
  /** Its number: `3`, or `3.1` for a branch of a Parallel or an item of a ForEach. */
  number: string;
  step: Step;
  /** How deep it is nested in subflows and Parallels. */
  depth: number;
  /** The activity on the canvas: that of the flow itself, also for steps inside its subflows and Parallels. */
  activity: string;
  /** What it is called inside its own flow. */
  name: string;
}

/** What is drawn of a run, or of a try, whose trace ends with the screen at which it waits. */
export type Shown = Pick<RunDetail, 'status' | 'trace'> & Partial<Pick<RunDetail, 'screen' | 'updatedAt'>>;

/**
 * The steps of a run as people follow it. No step shows a screen again that
 * an error led back to: while the run waits there, the screen comes last.
 */
export function stepsOf(run: Shown): readonly Step[] {
  const last = run.trace.at(-1);
  if (
    run.status !== 'waiting' ||
    !run.screen ||
    !last ||
    (last.activity === run.screen.activity && last.outcome === undefined && !last.error)
  )
    return run.trace;
  // It was shown before, or the run would not wait there.
  const type = run.trace.find((step) => step.activity === run.screen!.activity)?.type ?? '';
  return [...run.trace, { activity: run.screen.activity, type, startedAt: run.updatedAt ?? '', durationMs: 0 }];
}

/** All steps in order, each followed by those of its branches. */
export function entriesOf(trace: readonly Step[]): Entry[] {
  return trace.flatMap((step, index) => {
    const names = step.activity.split('/');
    return listed(step, String(index + 1), names.length - 1, names[0]!);
  });
}

function listed(step: Step, number: string, depth: number, activity: string): Entry[] {
  const own: Entry = { number, step, depth, activity, name: step.activity.split('/').at(-1)! };
  return [own, ...(step.children ?? []).flatMap((child, index) => listed(child, `${number}.${index + 1}`, depth + 1, activity))];
}

/** A run's way over the activities of its flow. */
export interface Walk {
  /** The numbers of the steps at each activity. */
  visits: ReadonlyMap<string, string[]>;
  /** The connections that were taken, by {@link connectionId}. */
  taken: ReadonlySet<string>;
  /** Moves that no connection says: back to a screen after an error, a restart. */
  jumps: Jump[];
  /** Activities with a step that ended in an error, or where the run failed. */
  failed: ReadonlySet<string>;
  /** Where the run is now, while it has not ended. */
  current: string | undefined;
}

/** Follows a trace over its flow. */
export function walkOf(run: Shown & Pick<RunDetail, 'definition'>): Walk {
  const links = run.definition ? connections(run.definition) : [];
  const visits = new Map<string, string[]>();
  const failed = new Set<string>();
  const stays: { activity: string; outcome: string | undefined }[] = [];
  for (const { activity, number, step, depth } of entriesOf(stepsOf(run))) {
    if (step.error) failed.add(activity);
    // A call that was delivered later is no step of the run's way.
    if (step.delivery) continue;
    if (depth > 0) {
      if (stays.at(-1)?.activity !== activity && !number.includes('.')) stays.push({ activity, outcome: undefined });
      continue;
    }
    visits.set(activity, [...(visits.get(activity) ?? []), number]);
    stays.push({ activity, outcome: step.outcome });
  }

  const taken = new Set<string>();
  const jumps = new Map<string, Jump>();
  stays.slice(1).forEach(({ activity: target }, index) => {
    const { activity: source, outcome } = stays[index]!;
    // A subflow's own step has no outcome: what it was shows in where the run went on.
    const link = links.find((one) => one.source === source && one.target === target && (outcome === undefined || one.port === outcome));
    if (link) taken.add(connectionId(link.source, link.port));
    else jumps.set(`${source}\n${target}`, { source, target });
  });

  const last = stays.at(-1)?.activity;
  if (run.status === 'failed' && last !== undefined) failed.add(last);
  return {
    visits,
    taken,
    jumps: [...jumps.values()],
    failed,
    current: hasEnded(run) ? undefined : last,
  };
}

/** How it went at each activity, for the canvas. */
export function marksOf(walk: Walk): Map<string, Mark> {
  const marks = new Map<string, Mark>([...walk.visits.keys()].map((id) => [id, 'done']));
  for (const id of walk.failed) marks.set(id, 'error');
  if (walk.current !== undefined) marks.set(walk.current, 'waiting');
  return marks;
}
