import type { Diagnostic, JsonObject } from '../api/types';
import { screenOf } from './described';
import { activityList, connectionList, screenList, type Flow } from './flow';
import { isObject, text } from './json';
import { pointerTo, segmentsOf } from './pointer';
import type { Catalogue } from './ports';

/** A diagnostic with the place it belongs to. */
export interface Problem extends Diagnostic {
  activity?: string;
  /** The port of the connection it is about. */
  port?: string;
  screen?: string;
  component?: number;
  /** The rest of the pointer: the setting inside its activity, screen or component. */
  setting: string;
  /** What one click can do about it. */
  fix?: { label: string; run: () => void };
}

/** Says for each diagnostic which activity or screen of the flow it is about. */
export function locate(flow: Flow, diagnostics: readonly Diagnostic[]): Problem[] {
  return diagnostics.map((diagnostic) => {
    const [list, number, ...rest] = segmentsOf(diagnostic.pointer);
    const index = Number(number);
    const setting = pointerTo('', ...rest);
    if (list === 'activities') {
      const id = idAt(activityList(flow)[index]);
      return { ...diagnostic, ...(id && { activity: id }), setting };
    }
    if (list === 'connections') {
      const connection = connectionList(flow)[index];
      if (isObject(connection)) return { ...diagnostic, activity: text(connection['source']), port: text(connection['port']), setting };
    }
    if (list === 'screens') {
      const id = idAt(screenList(flow)[index]);
      const component = rest[0] === 'components' && rest[1] !== undefined ? Number(rest[1]) : undefined;
      return {
        ...diagnostic,
        ...(id && { screen: id }),
        ...(component !== undefined && { component }),
        setting: component === undefined ? setting : pointerTo('', ...rest.slice(2)),
      };
    }
    return { ...diagnostic, setting: diagnostic.pointer };
  });
}

const idAt = (item: unknown): string => (isObject(item) ? text((item as JsonObject)['id']) : '');

/** Problems by activity; those of a screen count for the activities that show it. */
export function byActivity(flow: Flow, problems: readonly Problem[], catalogue: Catalogue): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  const add = (id: string, problem: Problem) => found.set(id, [...(found.get(id) ?? []), problem]);
  for (const problem of problems) {
    if (problem.activity) add(problem.activity, problem);
    if (!problem.screen) continue;
    for (const item of activityList(flow))
      if (isObject(item) && screenOf(item, catalogue) === problem.screen) add(text(item['id']), problem);
  }
  return found;
}

// What an activity lacks when it has just been put there.
const toCome = new Set(['flow.required', 'flow.unconnected', 'flow.unreachable']);

/**
 * Whether a problem is only that something is not entered or connected yet,
 * in the activity that was added a moment ago: nobody had the time to.
 */
export const isStillToCome = (problem: Problem, fresh: string | undefined): boolean =>
  fresh !== undefined && problem.activity === fresh && toCome.has(problem.code);

/** The problems of an activity, a screen or a component, as a form wants them: by the pointer inside it. */
export const settingProblems = (problems: readonly Problem[]): Diagnostic[] =>
  problems.map((problem) => ({ ...problem, pointer: problem.port === undefined ? problem.setting : '' }));
