import { writeJson } from '../api/json';
import { counted } from '../text/counted';
import type { Change, Json, JsonObject } from '../api/types';
import { rulesText } from './conditions';
import { isObject, sameJson, text } from './json';
import { segmentsOf } from './pointer';

/** What changed in one activity or screen, or in the flow itself. */
export interface ChangeGroup {
  kind: 'flow' | 'activity' | 'screen';
  id: string;
  name?: string;
  change: Change['change'];
  lines: ChangeLine[];
}

export interface ChangeLine {
  change: Change['change'];
  /** What it is about, such as "headers.x-user-tier" or "Success". */
  what: string;
  sentence: string;
  before?: string;
  after?: string;
}

/** A diff by activity and screen, in words. The flow comes first, then activities, then screens, each in the order of the diff. */
export function groupChanges(all: readonly Change[]): ChangeGroup[] {
  const { changes, renames } = renamesIn(all);
  const groups = new Map<string, ChangeGroup>();
  const group = (kind: ChangeGroup['kind'], id: string, name?: string): ChangeGroup => {
    const key = `${kind}\n${id}`;
    let found = groups.get(key);
    if (!found) groups.set(key, (found = { kind, id, change: 'changed', lines: [], ...(name && { name }) }));
    return found;
  };

  for (const { from, to } of renames) {
    const found = group('activity', to.id, to.name);
    found.lines.push({ change: 'changed', what: 'id', sentence: `is called ${to.id} instead of ${from.id}` });
    for (const setting of settingsBetween(from.after ?? from.before, to.after))
      found.lines.push(settingLine({ ...to, ...setting, kind: 'setting' }, setting.setting));
    if (found.lines.length === 1) found.lines.push({ change: 'changed', what: 'settings', sentence: 'Its settings are the same' });
  }

  for (const change of changes) {
    switch (change.kind) {
      case 'activity':
      case 'screen':
        group(change.kind, change.id, change.name).change = change.change;
        break;
      case 'connection':
        group('activity', change.id).lines.push(connectionLine(change, change.setting ?? ''));
        break;
      case 'flow':
        group('flow', '').lines.push(settingLine(change, change.setting ?? change.name ?? change.id));
        break;
      case 'component':
        group('screen', change.id, change.name).lines.push(componentLine(change));
        break;
      default:
        if (change.of === 'connection')
          group('activity', change.id).lines.push(settingLine(change, `the ${change.setting} of ${change.name}`));
        else group(change.of ?? 'activity', change.id, change.name).lines.push(settingLine(change, change.setting ?? ''));
    }
  }
  const order = { flow: 0, activity: 1, screen: 2 };
  return [...groups.values()].sort((a, b) => order[a.kind] - order[b.kind]);
}

interface Rename {
  from: Change;
  to: Change;
}

/**
 * An activity that is gone and one of its type that is new and like it are
 * one that has another id; connections that only follow it are no change.
 */
function renamesIn(all: readonly Change[]): { changes: Change[]; renames: Rename[] } {
  const activitiesOf = (change: Change['change']) => all.filter((one) => one.kind === 'activity' && one.change === change);
  const gone = activitiesOf('removed');
  const pairs = activitiesOf('added')
    .flatMap((to) => gone.map((from) => ({ from, to, likeness: likeness(from.before, to.after) })))
    .filter((pair) => pair.likeness > 0.5)
    .sort((a, b) => b.likeness - a.likeness);
  const renames: Rename[] = [];
  for (const { from, to } of pairs) if (!renames.some((one) => one.from === from || one.to === to)) renames.push({ from, to });
  if (renames.length === 0) return { changes: [...all], renames };

  const now = new Map(renames.map(({ from, to }) => [from.id, to.id]));
  const called = (id: Json | undefined) => (typeof id === 'string' ? (now.get(id) ?? id) : id);
  const ends = (kind: 'before' | 'after') =>
    new Set(
      all
        .filter((one) => one.kind === 'connection' && one[kind] !== undefined)
        .map((one) => `${called(one.id)}\n${one.setting}\n${writeJson(called(one[kind]))}`),
    );
  const [was, is] = [ends('before'), ends('after')];
  const follows = (one: Change) => {
    const key = (kind: 'before' | 'after') => `${called(one.id)}\n${one.setting}\n${writeJson(called(one[kind]))}`;
    return (one.before === undefined || is.has(key('before'))) && (one.after === undefined || was.has(key('after')));
  };
  const paired = new Set(renames.flatMap(({ from, to }) => [from, to]));
  return { changes: all.filter((one) => !paired.has(one) && !(one.kind === 'connection' && follows(one))), renames };
}

/** How much of two activities is the same, from 0 to 1: those of other types are nothing like each other. */
function likeness(before: Json | undefined, after: Json | undefined): number {
  if (!isObject(before) || !isObject(after) || before['type'] !== after['type']) return 0;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== 'id');
  return names.filter((name) => sameJson(before[name], after[name])).length / names.length;
}

function settingsBetween(
  before: Json | undefined,
  after: Json | undefined,
): { setting: string; change: Change['change']; before?: Json; after?: Json }[] {
  if (!isObject(before) || !isObject(after)) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => name !== 'id' && !sameJson(before[name], after[name]))
    .map((name) => {
      const [was, is] = [before[name], after[name]];
      return {
        setting: name,
        change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
        ...(was !== undefined && { before: was }),
        ...(is !== undefined && { after: is }),
      };
    });
}

function connectionLine(change: Change, port: string): ChangeLine {
  const [before, after] = [plain(change.before), plain(change.after)];
  // Members beside source, port and target mean nothing to the engine; that they differ is all there is to say.
  if (isObject(change.after) || isObject(change.before)) return { change: change.change, what: port, sentence: `${port} has other notes` };
  const sentence =
    change.change === 'added'
      ? `${port} now leads to ${after}`
      : change.change === 'removed'
        ? `${port} no longer leads to ${before}`
        : `${port} leads to ${after} instead of ${before}`;
  return { change: change.change, what: port, sentence };
}

function settingLine(change: Change, setting: string): ChangeLine {
  const what = spokenPath(setting) || 'everything';
  const are = /[^s]s$/.test(what) ? 'are' : 'is';
  const [before, after] = [shown(change.before), shown(change.after)];
  const sentence =
    change.change === 'added'
      ? `${what} ${are} set`
      : change.change === 'removed'
        ? `${what} ${are} no longer set`
        : `${what} ${are} changed`;
  return { change: change.change, what, sentence, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function componentLine(change: Change): ChangeLine {
  const [, number, setting] = /^components\[(\d+)\]\.?(.*)$/.exec(change.setting ?? '') ?? [];
  if (number === undefined) return settingLine(change, change.setting ?? 'components');
  const whole = change.after ?? change.before;
  if (!setting && isObject(whole))
    return { change: change.change, what: `component ${Number(number) + 1}`, sentence: `${componentName(whole)} is ${change.change}` };
  if (setting === 'position')
    return { change: 'changed', what: setting, sentence: `Component ${plain(change.before)} moved to place ${plain(change.after)}` };
  return settingLine(change, change.setting!);
}

function componentName(component: JsonObject): string {
  const label = text(component['label']) || text(component['text']) || text(component['name']) || text(component['id']);
  return `${text(component['type']) || 'A component'}${label ? ` “${label}”` : ''}`;
}

const parts: Record<string, string> = {
  components: 'component',
  branches: 'branch',
  rules: 'rule',
  activities: 'activity',
  options: 'option',
  redirectUris: 'redirect address',
};

/** A path as people say it: branches[0].rules[1].value → branch 1, rule 2, value. */
export const spokenPath = (path: string): string =>
  path.replace(
    /(\w+)\[(\d+)\](\.?)/g,
    (_, name: string, index: string, dot: string) => `${parts[name] ?? name} ${Number(index) + 1}${dot ? ', ' : ''}`,
  );

/** A place inside an activity or component as people say it: /branches/0/rules/1/value → branch 1, rule 2, value. */
export const spokenSetting = (pointer: string): string =>
  spokenPath(
    segmentsOf(pointer)
      .map((segment, i) => (/^\d+$/.test(segment) ? `[${segment}]` : i > 0 ? `.${segment}` : segment))
      .join(''),
  );

/** A value as people read it: short JSON in one line, rules as a sentence. */
function shown(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.some((item) => isObject(item) && Array.isArray(item['rules']))) {
    return value.map((item) => (isObject(item) ? `${text(item['outcome'])}: ${rulesText(item)}` : plain(item))).join('\n');
  }
  return plain(value);
}

function plain(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return value || '(empty)';
  const short = writeJson(value);
  return short.length <= 80 ? short : writeJson(value, 2);
}

/** How many activities, screens and connections a diff touches, in one line. */
export function changeTotals(groups: readonly ChangeGroup[]): string {
  if (groups.length === 0) return 'No changes';
  const parts: string[] = [];
  for (const [kind, one, many] of [
    ['activity', 'activity', 'activities'],
    ['screen', 'screen', 'screens'],
  ] as const) {
    for (const change of ['added', 'changed', 'removed'] as const) {
      const count = groups.filter((group) => group.kind === kind && group.change === change).length;
      if (count) parts.push(`${counted(count, one, many)} ${change}`);
    }
  }
  if (groups.some((group) => group.kind === 'flow')) parts.push('flow settings changed');
  return parts.join(', ');
}
