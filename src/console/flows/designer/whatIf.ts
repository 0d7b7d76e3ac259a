import { parseJson } from '../../api/json';
import type { DrillAnswer, DrillCase, DrillRow, Json, JsonObject, RunHead, Setting, Step, TryAnswer } from '../../api/types';
import { typeOf } from '../../graph/described';
import type { Flow } from '../../graph/flow';
import { isObject, text } from '../../graph/json';
import type { Catalogue } from '../../graph/ports';
import { counted } from '../../text/counted';
import { callers, sampleReply } from './tries';
import type { TryPath } from './store';

/** What a drill takes from a golden case, or from a run or try that is one. */
export type Usual = Omit<DrillCase, 'name'>;

/** Reads a case file; undefined for what is none. */
export function caseIn(content: string): Usual | undefined {
  try {
    const golden = parseJson(content);
    return isObject(golden) && ['flow', 'answers', 'replies', 'client'].some((name) => golden[name] !== undefined)
      ? usualOf(golden)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What of a golden case counts. */
export function usualOf(golden: JsonObject): Usual {
  const { client, answers, replies } = golden;
  return {
    ...(isObject(client) && { client }),
    ...(Array.isArray(answers) && { answers: answers as NonNullable<Usual['answers']> }),
    ...(isObject(replies) && { replies }),
  };
}

/** A try as a case: what was entered, and what the connectors answered, or what stood in for them. */
export function usualOfTry(client: JsonObject | undefined, answers: JsonObject[], trace: TryAnswer['trace'], catalogue: Catalogue): Usual {
  const replies: Record<string, Json[]> = {};
  const take = (step: Step): void => {
    step.children?.forEach(take);
    const shape = catalogue.types.get(step.type)?.reply;
    if (shape && isObject(step.output)) (replies[step.activity] ??= []).push(replyOf(shape, step.output));
  };
  trace.forEach(take);
  return usualOf({ ...(client && { client }), answers, replies });
}

/** What a connector brought, from what was written to the context. */
function replyOf(shape: Setting[], output: JsonObject): JsonObject {
  const given = shape.filter(({ name }) => output[name] !== undefined);
  const isNoAnswer = given.length === 0 || shape.some(({ name, required }) => required && output[name] === undefined);
  return isNoAnswer && output['error'] !== undefined
    ? { error: output['error'] }
    : Object.fromEntries(given.map(({ name }) => [name, output[name]!]));
}

/** The case with a sample for each activity that it has no reply for: what was drawn since it was made. */
export function withSamples(usual: Usual, flow: Flow, catalogue: Catalogue): { usual: Usual; samples: string[] } {
  const known = new Set(Object.keys(usual.replies ?? {}).map((id) => id.split('/').at(-1)!));
  const lacking = callers(flow, catalogue).filter((item) => typeOf(item, catalogue) && !known.has(text(item['id'])));
  if (lacking.length === 0) return { usual, samples: [] };
  const samples = Object.fromEntries(lacking.map((item) => [text(item['id']), parseJson(sampleReply(item, catalogue))]));
  return { usual: { ...usual, replies: { ...usual.replies, ...samples } }, samples: Object.keys(samples) };
}

/** What a run is called in the list of cases. */
export const nameOfRun = (run: Pick<RunHead, 'number' | 'status'>): string => `Run ${run.number}, ${run.status}`;

/** How a row stands on the canvas: as a run does. */
export function pathOf({ end, steps }: Pick<DrillRow, 'end' | 'steps'>): TryPath {
  return {
    status: end.kind === 'screen' ? 'waiting' : end.kind === 'signedIn' ? 'completed' : end.kind === 'unknown' ? 'failed' : end.kind,
    screen: null,
    updatedAt: '',
    trace: steps.map(({ activity, type, outcome, code }) => ({
      activity,
      type,
      startedAt: '',
      durationMs: 0,
      ...(outcome !== undefined && { outcome }),
      ...(code !== undefined && { error: { code, message: '' } }),
    })),
  };
}

/** How the calls of a row end, in words. */
export const wayOf = ({ way, from }: Pick<DrillRow, 'way' | 'from'>): string => (from > 1 ? `${way} from call ${from} on` : way);

/** Where a person ends up, in words. */
export function placeOf({ place, restarts }: Pick<DrillRow['end'], 'place' | 'restarts'>): string {
  if (restarts === 0) return place;
  return `${place}, restarted ${restarts === 1 ? 'once' : counted(restarts, 'time')}`;
}

/** The rows of each activity, in order. */
export function byActivity(rows: readonly DrillRow[]): [string, DrillRow[]][] {
  const found = new Map<string, DrillRow[]>();
  for (const row of rows) found.set(row.activity, [...(found.get(row.activity) ?? []), row]);
  return [...found];
}

/** What came of it, in a sentence. */
export function sumOf({ asksNobody, rows }: Pick<DrillAnswer, 'asksNobody' | 'rows'>): string {
  if (asksNobody) return 'The flow asks nobody: nothing can fail.';
  const open = rows.filter((row) => row.verdict === 'failsOpen').length;
  const ways = counted(rows.length, 'way');
  return open ? `${ways}, ${open} of them signed in after a failed call` : `${ways}: nobody is signed in after a failed call`;
}
