import { connectionsFrom, type Flow } from '../graph/flow';
import { connectionId, type Mark } from './views';

/** A step of a path: the activity, and the outcome it ended with where that is known. */
export interface PathStep {
  activity: string;
  outcome?: string | undefined;
}

/** What a path lights up: the activities on it, and the connections between those that follow each other. */
export function litPath(flow: Flow, path: readonly PathStep[], last: Mark): { marks: Map<string, Mark>; lit: Set<string> } {
  const marks = new Map<string, Mark>(path.map((step) => [step.activity, 'done']));
  const lit = new Set<string>();
  path.forEach((step, index) => {
    const next = path[index + 1]?.activity;
    const ways = next === undefined ? [] : connectionsFrom(flow, step.activity).filter((connection) => connection.target === next);
    const taken = ways.find((connection) => connection.port === step.outcome) ?? ways[0];
    if (taken) lit.add(connectionId(taken.source, taken.port));
  });
  const end = path.at(-1);
  if (end !== undefined) marks.set(end.activity, last);
  return { marks, lit };
}
