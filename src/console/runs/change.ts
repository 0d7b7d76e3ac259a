import type { Json, Step } from '../api/types';
import { isObject } from '../graph/json';
import type { Entry } from './walk';

/** What a step wrote to the context. */
export interface ContextChange {
  /** Where, as the segments of a path. */
  at: string[];
  /** What; undefined where the step wrote to several places, and which part went where is not told. */
  value: Json | undefined;
}

/**
 * What a step changed in the context: the server says which paths it wrote, whatever its type. A step inside a subflow writes to the
 * subflow's own context; its End writes to that of the flow that called it.
 */
export function changesOf(entry: Entry, entries: readonly Entry[]): ContextChange[] {
  const changes = resultOf(entry, entries);
  return entry.step.error ? [...changes, { at: ['error'], value: { ...entry.step.error } }] : changes;
}

function resultOf(entry: Entry, entries: readonly Entry[]): ContextChange[] {
  const { step } = entry;
  const branches = entries.filter((other) => other.number.startsWith(`${entry.number}.`)).flatMap((child) => resultOf(child, entries));
  // What its branches wrote, with their values, says more than that it wrote the same.
  if (branches.length > 0) return branches;
  const [first, ...more] = step.writes ?? [];
  if (first === undefined) return [];
  if (more.length === 0) return step.output === undefined ? [] : [{ at: segments(first), value: step.output }];
  return [first, ...more].map((path) => ({ at: segments(path), value: undefined }));
}

/** Where a step's output stands in the context; undefined where that is not known or nowhere. */
export const writtenTo = ({ step }: Pick<Entry, 'step'>): string[] | undefined =>
  step.writes?.length === 1 ? segments(step.writes[0]!) : undefined;

/** The segments of a path that was written: a root, and mostly a key in it. */
function segments(path: string): string[] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

/** The status code of a connector's answer. */
export const statusCodeOf = (step: Step): number | undefined => {
  const code = isObject(step.output) ? step.output['statusCode'] : undefined;
  return typeof code === 'number' ? code : undefined;
};
