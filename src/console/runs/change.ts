import type { Json, JsonObject, Step } from '../api/types';
import { activity as activityWithId } from '../graph/flow';
import { isObject, objects, text } from '../graph/json';
import type { Entry } from './walk';

/** What a step wrote to the context. */
export interface ContextChange {
  /** Where, as the segments of a path. */
  at: string[];
  value: Json;
}

/** What a Restart empties. */
export const restarted = ['form', 'connectors', 'scripts', 'claims', 'user'];

/**
 * What a step changed in the context, from its result and the settings of its activity. A step inside a subflow writes to the subflow's own context, under the
 * keys of a flow that is not at hand: only what its type says is known.
 */
export function changesOf(entry: Entry, entries: readonly Entry[], definition: JsonObject | null): ContextChange[] {
  const changes = resultOf(entry, entries, definition);
  return entry.step.error ? [...changes, { at: ['error'], value: { ...entry.step.error } }] : changes;
}

function resultOf(entry: Entry, entries: readonly Entry[], definition: JsonObject | null): ContextChange[] {
  const { step } = entry;
  if (step.type === 'Parallel')
    return entries.filter((other) => other.number.startsWith(`${entry.number}.`)).flatMap((child) => resultOf(child, entries, definition));
  if (step.type === 'Subflow') {
    const end = endOf(entry, entries);
    const key = contextKeyOf(entry, definition);
    return end?.step.output !== undefined && key ? [{ at: ['scripts', key], value: end.step.output }] : [];
  }
  const at = writtenTo(entry, definition);
  return at && step.output !== undefined ? [{ at, value: step.output }] : [];
}

/** Where a step's output stands in the context; undefined where that is not known or nowhere. */
export function writtenTo(entry: Entry, definition: JsonObject | null): string[] | undefined {
  const key = contextKeyOf(entry, definition);
  switch (entry.step.type) {
    case 'Screen': return ['form'];
    case 'SetUser': return ['user'];
    case 'CustomClaims': return ['claims'];
    case 'GenericHttp':
    case 'Database': return key ? ['connectors', key] : undefined;
    case 'Scriptlet': return key ? ['scripts', key] : undefined;
    default: return undefined;
  }
}

function contextKeyOf(entry: Entry, definition: JsonObject | null): string | undefined {
  const activity = activityOf(entry, definition);
  return activity && (text(activity['contextKey']) || entry.name);
}

/** The activity of a step as the flow says it, also one inside a Parallel; undefined inside a subflow. */
export function activityOf(entry: Pick<Entry, 'step' | 'activity' | 'name'>, definition: JsonObject | null): JsonObject | undefined {
  if (entry.step.activity.includes('/') || !definition) return undefined;
  const outer = activityWithId(definition, entry.activity);
  return entry.name === entry.activity ? outer : objects(outer?.['activities']).find((activity) => activity['id'] === entry.name);
}

/** The End that a subflow ended with. */
function endOf(entry: Entry, entries: readonly Entry[]): Entry | undefined {
  let end: Entry | undefined;
  for (const other of entries.slice(entries.indexOf(entry) + 1)) {
    if (!other.step.activity.startsWith(`${entry.step.activity}/`)) break;
    if (other.step.type === 'End' && other.depth === entry.depth + 1) end = other;
  }
  return end;
}

/** The status code of a connector's answer. */
export const statusCodeOf = (step: Step): number | undefined => {
  const code = isObject(step.output) ? step.output['statusCode'] : undefined;
  return typeof code === 'number' ? code : undefined;
};
