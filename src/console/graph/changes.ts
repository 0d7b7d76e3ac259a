import { writeJson } from '../api/json';
import { counted } from '../text/counted';
import type { Change, Json, JsonObject } from '../api/types';
import { rulesText } from './conditions';
import { isObject, text } from './json';

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
export function groupChanges(changes: readonly Change[]): ChangeGroup[] {
  const groups = new Map<string, ChangeGroup>();
  const group = (kind: ChangeGroup['kind'], id: string, name?: string): ChangeGroup => {
    const key = `${kind}\n${id}`;
    let found = groups.get(key);
    if (!found) groups.set(key, (found = { kind, id, change: 'changed', lines: [], ...(name && { name }) }));
    return found;
  };

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
        if (change.of === 'connection') group('activity', change.id).lines.push(settingLine(change, `the ${change.setting} of ${change.name}`));
        else group(change.of ?? 'activity', change.id, change.name).lines.push(settingLine(change, change.setting ?? ''));
    }
  }
  const order = { flow: 0, activity: 1, screen: 2 };
  return [...groups.values()].sort((a, b) => order[a.kind] - order[b.kind]);
}

function connectionLine(change: Change, port: string): ChangeLine {
  const [before, after] = [plain(change.before), plain(change.after)];
  // Members beside source, port and target mean nothing to the engine; that they differ is all there is to say.
  if (isObject(change.after) || isObject(change.before)) return { change: change.change, what: port, sentence: `${port} has other notes` };
  const sentence =
    change.change === 'added' ? `${port} now leads to ${after}`
    : change.change === 'removed' ? `${port} no longer leads to ${before}`
    : `${port} leads to ${after} instead of ${before}`;
  return { change: change.change, what: port, sentence };
}

function settingLine(change: Change, setting: string): ChangeLine {
  const what = spokenPath(setting) || 'everything';
  const are = /[^s]s$/.test(what) ? 'are' : 'is';
  const [before, after] = [shown(change.before), shown(change.after)];
  const sentence =
    change.change === 'added' ? `${what} ${are} set`
    : change.change === 'removed' ? `${what} ${are} no longer set`
    : `${what} ${are} changed`;
  return { change: change.change, what, sentence, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function componentLine(change: Change): ChangeLine {
  const [, number, setting] = /^components\[(\d+)\]\.?(.*)$/.exec(change.setting ?? '') ?? [];
  if (number === undefined) return settingLine(change, change.setting ?? 'components');
  const whole = change.after ?? change.before;
  if (!setting && isObject(whole)) return { change: change.change, what: `component ${Number(number) + 1}`, sentence: `${componentName(whole)} is ${change.change}` };
  if (setting === 'position') return { change: 'changed', what: setting, sentence: `Component ${plain(change.before)} moved to place ${plain(change.after)}` };
  return settingLine(change, change.setting!);
}

function componentName(component: JsonObject): string {
  const label = text(component['label']) || text(component['text']) || text(component['name']) || text(component['id']);
  return `${text(component['type']) || 'A component'}${label ? ` “${label}”` : ''}`;
}

const parts: Record<string, string> = { components: 'component', branches: 'branch', rules: 'rule', activities: 'activity', options: 'option', redirectUris: 'redirect address' };

/** A path as people say it: branches[0].rules[1].value → branch 1, rule 2, value. */
export const spokenPath = (path: string): string =>
  path.replace(/(\w+)\[(\d+)\](\.?)/g, (_, name: string, index: string, dot: string) => `${parts[name] ?? name} ${Number(index) + 1}${dot ? ', ' : ''}`);

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
  for (const [kind, one, many] of [['activity', 'activity', 'activities'], ['screen', 'screen', 'screens']] as const) {
    for (const change of ['added', 'changed', 'removed'] as const) {
      const count = groups.filter((group) => group.kind === kind && group.change === change).length;
      if (count) parts.push(`${counted(count, one, many)} ${change}`);
    }
  }
  if (groups.some((group) => group.kind === 'flow')) parts.push('flow settings changed');
  return parts.join(', ');
}
