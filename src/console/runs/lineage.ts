import type { Json, Step } from '../api/types';
import { goesOnFrom, parsePath, type Segment } from '../graph/contextPath';
import { isObject } from '../graph/json';
import type { Entry } from './walk';

/** Where a value that a step was given came from, as the server says it. */
export type Lineage = NonNullable<Step['lineage']>[number];

/** A value among a step's settings, and the way back from it. */
export interface Origin {
  entry: Entry;
  lineage: Lineage;
  sources: Source[];
  /** Whether its way back is told already, further up. */
  isKnown: boolean;
}

/** A path that a value was made of. */
export interface Source {
  path: string;
  /** The step that wrote it; undefined where none did. */
  entry: Entry | undefined;
  /** What stood there, as far as the trace tells; redacted. */
  value: Json | undefined;
  /** The values that the step made it of. */
  origins: Origin[];
}

/** How far back is told: no flow that people draw has longer chains. */
const deepest = 30;

/** The way back from a value of a step: what it was made of, who wrote that, and what they had made it of. Each value is followed once. */
export function wayBack(entry: Entry, lineage: Lineage, entries: readonly Entry[]): Origin {
  const byNumber = new Map(entries.map((one) => [one.number, one]));
  return follow(entry, lineage, byNumber, new Set(), 0);
}

function follow(entry: Entry, lineage: Lineage, byNumber: ReadonlyMap<string, Entry>, seen: Set<string>, depth: number): Origin {
  const key = `${entry.number} ${lineage.to}`;
  const isKnown = seen.has(key);
  seen.add(key);
  const sources = lineage.from.map(({ path, step, branch }): Source => {
    const by = step === undefined ? undefined : byNumber.get([step, ...(branch ?? [])].join('.'));
    const origins =
      by && !isKnown && depth < deepest
        ? madeOf(path, by, byNumber).map((made) => follow(made.entry, made.lineage, byNumber, seen, depth + 1))
        : [];
    return { path, entry: by, value: by && valueAt(path, by.step), origins };
  });
  return { entry, lineage, sources, isKnown };
}

/** What a step made the value at a path of: those of its values that it put there, or, where it does not say, all that it was given. */
function madeOf(path: string, entry: Entry, byNumber: ReadonlyMap<string, Entry>): { entry: Entry; lineage: Lineage }[] {
  const own = (entry.step.lineage ?? []).map((lineage) => ({ entry, lineage }));
  const at = parsePath(path) ?? [];
  const told = own.filter(({ lineage }) => parsePath(lineage.writes ?? '')?.[0] === at[0]);
  // Where it says what it put where, what is not among it is a constant of the flow.
  if (told.length > 0) return told.filter(({ lineage }) => isRelated(parsePath(lineage.writes!)!, at));
  const given = own.filter(({ lineage }) => lineage.writes === undefined);
  // An item is of the list alone; what came of all items is of each of them, and one shows it.
  const inner = at[0] === 'item' || at[0] === 'index' ? undefined : byNumber.get(`${entry.number}.1`);
  return inner ? [...given, ...(inner.step.lineage ?? []).map((lineage) => ({ entry: inner, lineage }))] : given;
}

const isRelated = (one: readonly Segment[], other: readonly Segment[]): boolean => goesOnFrom(one, other) || goesOnFrom(other, one);

/** What a step put at a path, if its output says so. */
function valueAt(path: string, step: Step): Json | undefined {
  const at = parsePath(path);
  const start = (step.writes ?? []).map(startOf).find((one) => at && goesOnFrom(at, one));
  return at && start ? at.slice(start.length).reduce<Json | undefined>(member, step.output) : undefined;
}

/** A path that was written: a root, and mostly a key in it. */
function startOf(path: string): Segment[] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

function member(value: Json | undefined, segment: Segment): Json | undefined {
  if (Array.isArray(value)) return typeof segment === 'number' ? value[segment] : undefined;
  if (!isObject(value) || typeof segment === 'number') return undefined;
  // Names of headers match in any case.
  const name = segment in value ? segment : Object.keys(value).find((one) => one.toLowerCase() === segment.toLowerCase());
  return name === undefined ? undefined : value[name];
}

/** The activities on the way back, its own included. */
export function activitiesOf(origin: Origin): Set<string> {
  const found = new Set<string>();
  const pending = [origin];
  for (let next = pending.pop(); next; next = pending.pop()) {
    found.add(next.entry.activity);
    for (const source of next.sources) {
      if (source.entry) found.add(source.entry.activity);
      pending.push(...source.origins);
    }
  }
  return found;
}

/** The lineage of the value of that name, whether it is that of the setting or of where it was put; undefined for none. */
export const lineageOf = (step: Step, name: string): Lineage | undefined =>
  step.lineage?.find(({ to }) => to === name) ?? step.lineage?.find(({ writes }) => writes === name);

/** The lineage of a value in what the step was given, where that is the value of one setting, such as arguments. */
export function lineageOfInput(step: Step, segments: readonly Segment[]): Lineage | undefined {
  return step.lineage?.find(({ to }) => {
    const place = parsePath(to)?.slice(1);
    return place !== undefined && place.length === segments.length && place.every((segment, i) => segment === segments[i]);
  });
}
