import { isExactNumber, writeJson } from '../api/json';
import type { Json, JsonObject, Setting } from '../api/types';
import { ruleKind } from './conditions';
import { parsePath } from './contextPath';
import { typeOf } from './described';
import { addActivities, removeActivities, replaceActivity } from './edit';
import { activity, connectionList, connectionsTo, positionOf, startOf, type Activity, type Flow } from './flow';
import { stemOf, takenIds, uniqueId } from './ids';
import { isObject, objects, text, withMember } from './json';
import { contextKeyOf, contextRootOf } from './paths';
import { errorHandling, type Catalogue } from './ports';

// One thing drawn in two ways: outcomes by answer at the call, or a condition on the status behind its error event. Each becomes the other
// when both do the same for every status; otherwise there is a reason why not.

const [firstStatus, lastStatus, ofClass] = [100, 999, 1000];
const allStatuses = Array.from({ length: lastStatus - firstStatus + 1 }, (_, i) => firstStatus + i);

/** A flow in which the one became the other, or why it cannot. */
export type Conversion = { flow: Flow; id: string } | { why: string };

/** How outcomes by answer stand in an activity: which setting names them, by which member of the result, behind which error event. */
interface ByAnswer {
  setting: string;
  member: string;
  event: string;
  successes: ReadonlySet<number>;
}

function byAnswerOf(item: Activity, catalogue: Catalogue): ByAnswer | undefined {
  const settings = typeOf(item, catalogue)?.settings ?? [];
  const setting = settings.find(({ outcomes }) => outcomes?.from === 'members' && outcomes.event);
  if (!setting) return undefined;
  const { name, event, except } = setting.outcomes!;
  const listed = item[except!] ?? settings.find((one) => one.name === except)?.default;
  return { setting: setting.name, member: name!, event: event!, successes: new Set(statusesIn(listed)) };
}

/** A matcher of statuses; undefined for a fault. The exact ones have the smaller span. */
function matcherOf(word: Json): { from: number; to: number; span: number } | undefined {
  const group = /^([1-9])xx$/i.exec(text(word));
  if (group) return { from: Number(group[1]) * 100, to: Number(group[1]) * 100 + 99, span: ofClass };
  const range = /^(\d{3})(?:-(\d{3}))?$/.exec(text(word));
  if (!range) return undefined;
  const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])];
  return { from, to, span: to - from + 1 };
}

const wordsOf = (list: Json | undefined): string[] => (Array.isArray(list) ? list.map(text).filter(Boolean) : []);

const statusesIn = (list: Json | undefined): number[] =>
  wordsOf(list).flatMap((word) => {
    const matcher = matcherOf(word);
    return matcher ? allStatuses.filter((status) => status >= matcher.from && status <= matcher.to) : [];
  });

/** Which name each status leads to: the most exact matcher wins. */
function namesByStatus(outcomes: JsonObject): Map<number, string> {
  const matchers = Object.entries(outcomes).flatMap(([name, words]) =>
    wordsOf(words).flatMap((word) => {
      const matcher = matcherOf(word);
      return matcher ? [{ ...matcher, name }] : [];
    }),
  );
  const names = new Map<number, string>();
  for (const { from, to, name } of matchers.sort((a, b) => b.span - a.span))
    for (let status = from; status <= to; status++) names.set(status, name);
  return names;
}

/** Statuses in as few words as need be: 404, 502-504. */
function runsOf(statuses: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const status of statuses) {
    const last = runs.at(-1);
    if (last && last[1] === status - 1) last[1] = status;
    else runs.push([status, status]);
  }
  return runs;
}

const rangeText = ([from, to]: [number, number]): string => (from === to ? String(from) : `${from}-${to}`);

/**
 * The matchers by which statuses lead to their names. Of a class whose statuses all have a name, the one with the most of them is the
 * class: the others are more exact.
 */
function wordsFor(
  named: ReadonlyMap<number, string>,
  others: ReadonlyMap<number, string>,
  taken: ReadonlySet<string>,
): Map<string, string[]> {
  const words = new Map<string, string[]>([...new Set(named.values())].map((name) => [name, []]));
  const left = new Map(named);
  for (let group = 1; group <= 9; group++) {
    const statuses = allStatuses.filter((status) => Math.floor(status / 100) === group);
    if (taken.has(`${group}xx`) || !statuses.every((status) => named.has(status) || others.has(status))) continue;
    const owners = [...words.keys()].map((name) => ({ name, count: statuses.filter((status) => named.get(status) === name).length }));
    const owner = owners.sort((a, b) => b.count - a.count)[0];
    if (!owner || owner.count < 10) continue;
    words.get(owner.name)!.push(`${group}xx`);
    for (const status of statuses) if (left.get(status) === owner.name) left.delete(status);
  }
  for (const [name, list] of words)
    list.push(...runsOf([...left].filter(([, one]) => one === name).map(([status]) => status)).map(rangeText));
  return words;
}

// From a condition

type Predicate = (status: number) => boolean;

const numeric = /^-?\d+(\.\d+)?$/;

function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (isExactNumber(value)) return Number(String(value));
  return typeof value === 'string' && numeric.test(value.trim()) ? Number(value) : undefined;
}

/** Whether a status is the same as a value: numbers by value, texts by text. */
const isSame = (value: Json, status: number): boolean =>
  typeof value === 'string' ? value === String(status) : numberOf(value) === status;

function boundsOf(value: Json | undefined): [number, number] | undefined {
  const parts: readonly Json[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [];
  const [low, high] = parts.map((part) => numberOf(part));
  return parts.length === 2 && low !== undefined && high !== undefined ? [low, high] : undefined;
}

/** What a rule asks of a status; undefined where it asks for something else, or for what only a run can tell. */
function predicateOf(rule: JsonObject, isStatus: (key: string) => boolean): Predicate | undefined {
  if (ruleKind(rule) === 'group') {
    const inner = objects(rule['rules']).map((one) => predicateOf(one, isStatus));
    if (inner.length === 0 || inner.some((one) => !one)) return undefined;
    return (status) => (text(rule['match']) === 'any' ? inner.some((one) => one!(status)) : inner.every((one) => one!(status)));
  }
  const value = rule['value'];
  if (ruleKind(rule) !== 'comparison' || !isStatus(text(rule['key'])) || value === undefined || writeJson(value).includes('{{'))
    return undefined;
  const limit = numberOf(value);
  const bounds = boundsOf(value);
  const list: readonly Json[] | undefined =
    typeof value === 'string' ? value.split(',').map((item) => item.trim()) : Array.isArray(value) ? value : undefined;
  const compare = (holds: (status: number, limit: number) => boolean): Predicate | undefined =>
    limit === undefined ? undefined : (status) => holds(status, limit);
  switch (text(rule['operator'])) {
    case 'equal':
      return (status) => isSame(value, status);
    case 'not-equal':
      return (status) => !isSame(value, status);
    case 'greater-than':
      return compare((status, than) => status > than);
    case 'greater-than-or-equal':
      return compare((status, than) => status >= than);
    case 'less-than':
      return compare((status, than) => status < than);
    case 'less-than-or-equal':
      return compare((status, than) => status <= than);
    case 'in-range':
      return bounds && ((status) => status >= bounds[0] && status <= bounds[1]);
    case 'not-in-range':
      return bounds && ((status) => status < bounds[0] || status > bounds[1]);
    case 'in':
      return list && ((status) => list.some((item) => isSame(item, status)));
    case 'not-in':
      return list && ((status) => !list.some((item) => isSame(item, status)));
    default:
      return undefined;
  }
}

interface Branches {
  setting: Setting;
  /** The member that names a branch. */
  member: string;
  /** The outcome of what no branch takes. */
  otherwise: string;
}

function branchesOf(item: Activity, catalogue: Catalogue): Branches | undefined {
  const type = typeOf(item, catalogue);
  const setting = type?.settings.find((one) => one.editor === 'branches' && one.outcomes?.from === 'elements');
  const otherwise = type?.optionalOutcomes[0];
  return setting && otherwise !== undefined ? { setting, member: setting.outcomes!.name!, otherwise } : undefined;
}

const rawFrom = (flow: Flow, source: string, port: string): JsonObject | undefined =>
  connectionList(flow).find((one): one is JsonObject => isObject(one) && one['source'] === source && one['port'] === port);

/** A connection that leaves elsewhere. What a message on the way to it said is said by it, unless it says something itself. */
function leaving(connection: JsonObject, source: string, port: string, before: JsonObject | undefined): JsonObject {
  const message = connection['message'] ?? before?.['message'];
  return withMember({ ...connection, source, port }, 'message', message);
}

const namesStatus = (rule: JsonObject, isStatus: (key: string) => boolean): boolean =>
  isStatus(text(rule['key'])) || objects(rule['rules']).some((one) => namesStatus(one, isStatus));

/** A condition on the status of the call that leads to it, as outcomes of that call. Undefined where it is about something else. */
export function toOutcomes(flow: Flow, id: string, catalogue: Catalogue): Conversion | undefined {
  const condition = activity(flow, id);
  const branches = condition && branchesOf(condition, catalogue);
  if (!condition || !branches) return undefined;
  const incoming = connectionsTo(flow, id);
  const source = incoming.find(({ source }) => byAnswerOf(activity(flow, source) ?? {}, catalogue));
  const call = source && activity(flow, source.source);
  if (!source || !call) return undefined;
  const by = byAnswerOf(call, catalogue)!;
  const path = [contextRootOf(call, catalogue), contextKeyOf(call), by.member];
  const isStatus = (key: string) => {
    const segments = parsePath(key);
    return segments?.length === path.length && segments.every((segment, i) => segment === path[i]);
  };
  const list = objects(condition[branches.setting.name]);
  if (!list.some((branch) => namesStatus(branch, isStatus))) return undefined;

  const callId = text(call['id']);
  if (incoming.length > 1 || source.port !== by.event)
    return { why: `Only what leaves ${callId} by “${by.event}” may lead to this condition.` };
  if (startOf(flow) === id) return { why: 'The flow begins with this condition.' };
  const counted = typeOf(condition, catalogue)!.settings.find((one) => one.outcomes?.from === 'given' && isObject(condition[one.name]));
  if (counted) return { why: `The condition has a ${counted.label?.toLowerCase() ?? counted.name}, which outcomes have not.` };
  const elseConnection = rawFrom(flow, id, branches.otherwise);
  if (!elseConnection) return { why: `Connect “${branches.otherwise}” first: what no branch takes has to lead somewhere.` };
  const predicates = list.map((branch) => predicateOf({ ...branch, rules: branch['rules'] ?? [] }, isStatus));
  const unclear = predicates.findIndex((one) => !one);
  if (unclear >= 0) return { why: `The branch “${text(list[unclear]![branches.member])}” asks for more than fixed statuses of ${callId}.` };

  const outcomes = isObject(call[by.setting]) ? (call[by.setting] as JsonObject) : {};
  const already = namesByStatus(outcomes);
  const into = rawFrom(flow, callId, by.event);
  const type = typeOf(call, catalogue)!;
  const taken = new Set([...Object.keys(outcomes), ...type.outcomes, ...type.errorEvents]);
  // A branch that leads where an outcome of its name does is that outcome.
  const names = list.map((branch) => {
    const name = text(branch[branches.member]);
    const [own, other] = [rawFrom(flow, id, name), rawFrom(flow, callId, name)];
    const joins =
      own &&
      other &&
      Object.hasOwn(outcomes, name) &&
      own['target'] === other['target'] &&
      (own['message'] ?? into?.['message']) === other['message'];
    const free = joins ? name : uniqueId(name, taken);
    taken.add(free);
    return { name: free, joins };
  });
  const named = new Map<number, string>();
  for (const status of allStatuses) {
    if (by.successes.has(status) || already.has(status)) continue;
    const branch = predicates.findIndex((holds) => holds!(status));
    if (branch >= 0) named.set(status, names[branch]!.name);
  }
  const classes = new Set(
    Object.values(outcomes)
      .flatMap(wordsOf)
      .map((word) => word.toLowerCase()),
  );
  const words = wordsFor(named, already, classes);
  const next: JsonObject = { ...outcomes };
  for (const [name, more] of words) next[name] = [...wordsOf(next[name]), ...more];

  const moved = connectionList(flow).flatMap((one): Json[] => {
    if (!isObject(one)) return [one];
    if (one['target'] === id) return [];
    if (one['source'] !== id) return [one];
    if (one['port'] === branches.otherwise) return [leaving(one, callId, by.event, into)];
    const { name, joins } = names[list.findIndex((branch) => branch[branches.member] === one['port'])] ?? { name: '', joins: false };
    return words.has(name) && !joins ? [leaving(one, callId, name, into)] : [];
  });
  const changed = replaceActivity(withMember(flow, 'connections', moved), callId, (item) => withMember(item, by.setting, next));
  return { flow: removeActivities(changed, [id]), id: callId };
}

// From outcomes

/** Rules that hold for matchers of statuses. */
function rulesOf(words: readonly { from: number; to: number }[], key: string): JsonObject {
  const rules = words.map(
    ({ from, to }): JsonObject =>
      from === to ? { key, operator: 'equal', value: from } : { key, operator: 'in-range', value: `${from},${to}` },
  );
  return rules.length > 1 ? { match: 'any', rules } : { rules };
}

/** Outcomes for statuses, as a condition behind the call's error event. What is no status, or a success, stays an outcome of the call. */
export function toCondition(flow: Flow, id: string, catalogue: Catalogue): Conversion | undefined {
  const call = activity(flow, id);
  const by = call && byAnswerOf(call, catalogue);
  const outcomes = by && isObject(call[by.setting]) ? (call[by.setting] as JsonObject) : {};
  const conditionType = [...catalogue.types.values()].find((type) => branchesOf({ type: type.type }, catalogue));
  if (!call || !by || !conditionType || Object.keys(outcomes).length === 0) return undefined;
  const named = namesByStatus(outcomes);
  const failing = [...named].filter(([status]) => !by.successes.has(status)).sort(([a], [b]) => a - b);
  if (failing.length === 0) return { why: 'None of the outcomes is for a status that is an error.' };
  const { mode } = errorHandling(call, by.event);
  const type = typeOf(call, catalogue)!;
  const otherwise = mode === 'automatic' ? undefined : rawFrom(flow, id, mode === 'custom' ? by.event : type.outcomes[0]!);
  if (mode === 'automatic')
    return { why: `What no outcome names goes back to the last screen, which a condition cannot. Set “${by.event}” to Custom first.` };
  if (!otherwise)
    return { why: `Connect “${mode === 'custom' ? by.event : type.outcomes[0]}” first: what no branch takes has to lead somewhere.` };

  const key = `${contextRootOf(call, catalogue)}.${contextKeyOf(call)}.${by.member}`;
  const { setting, member, otherwise: elsePort } = branchesOf({ type: conditionType.type }, catalogue)!;
  const names = [...new Set(failing.map(([, name]) => name))];
  if (names.includes(elsePort)) return { why: `“${elsePort}” is what a condition calls the rest. Rename that outcome first.` };
  const matchers = (name: string) => wordsOf(outcomes[name]).flatMap((word) => matcherOf(word) ?? []);
  const span = (name: string) => Math.max(...matchers(name).map((matcher) => matcher.span));
  const written = [...names]
    .sort((a, b) => span(a) - span(b))
    .map((name): JsonObject => ({ [member]: name, ...rulesOf(matchers(name), key) }));
  const same = failing.every(
    ([status, name]) => text(written.find((branch) => predicateOf(branch, (one) => one === key)!(status))?.[member]) === name,
  );
  const list = same
    ? written
    : names.map(
        (name): JsonObject => ({
          [member]: name,
          ...rulesOf(
            runsOf(failing.filter(([, one]) => one === name).map(([status]) => status)).map(([from, to]) => ({ from, to })),
            key,
          ),
        }),
      );

  const conditionId = uniqueId(stemOf(conditionType), takenIds(flow));
  const stays: JsonObject = {};
  for (const [name, words] of Object.entries(outcomes)) {
    const successes = [...named].filter(([status, one]) => one === name && by.successes.has(status)).map(([status]) => status);
    const kept = [...runsOf(successes.sort((a, b) => a - b)).map(rangeText), ...wordsOf(words).filter((word) => !matcherOf(word))];
    if (kept.length > 0) stays[name] = kept;
  }
  const moved = connectionList(flow).flatMap((one): Json[] => {
    if (!isObject(one) || one['source'] !== id) return [one];
    const port = text(one['port']);
    if (port === by.event) return [];
    if (!names.includes(port)) return [one];
    return [...(Object.hasOwn(stays, port) ? [one] : []), { ...one, source: conditionId }];
  });
  const place = positionOf(flow, id) ?? { x: 0, y: 0 };
  const changed = replaceActivity(withMember(flow, 'connections', moved), id, (item) => {
    const handling = isObject(item['errorHandling']) ? item['errorHandling'] : {};
    const next = withMember(item, by.setting, Object.keys(stays).length > 0 ? stays : undefined);
    return withMember(next, 'errorHandling', withMember(handling, by.event, 'custom'));
  });
  const added = addActivities(changed, [
    { activity: { id: conditionId, type: conditionType.type, [setting.name]: list }, at: { x: place.x, y: place.y + 220 } },
  ]);
  return {
    flow: withMember(added, 'connections', [
      ...connectionList(added),
      { source: id, port: by.event, target: conditionId },
      { ...otherwise, source: conditionId, port: elsePort },
    ]),
    id: conditionId,
  };
}
