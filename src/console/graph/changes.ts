import type { Change, Json } from '../api/types';
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
      case 'connection': {
        const [source, port] = ends(change);
        group('activity', source).lines.push(connectionLine(change, port));
        break;
      }
      case 'flow':
        group('flow', '').lines.push(settingLine(change, change.setting ?? change.name ?? change.id));
        break;
      case 'component':
        group('screen', change.id, change.name).lines.push(componentLine(change));
        break;
      default:
        group(isScreenSetting(change) ? 'screen' : 'activity', change.id, change.name).lines.push(settingLine(change, change.setting ?? ''));
    }
  }
  const order = { flow: 0, activity: 1, screen: 2 };
  return [...groups.values()].sort((a, b) => order[a.kind] - order[b.kind]);

  // A setting belongs to a screen when the diff speaks of no activity of that id but of such a screen.
  function isScreenSetting(change: Change): boolean {
    return groups.has(`screen\n${change.id}`) && !groups.has(`activity\n${change.id}`);
  }
}

/** A connection's source and port. The API names it by both, or by the source with the port as setting. */
function ends(change: Change): [string, string] {
  if (change.setting) return [change.id, change.setting];
  const dot = change.id.search(/ → |\.|:/);
  return dot < 0 ? [change.id, ''] : [change.id.slice(0, dot), change.id.slice(dot).replace(/^( → |\.|:)/, '')];
}

function connectionLine(change: Change, port: string): ChangeLine {
  const [before, after] = [plain(change.before), plain(change.after)];
  const sentence =
    change.change === 'added' ? `${port} now leads to ${after}`
    : change.change === 'removed' ? `${port} no longer leads to ${before}`
    : `${port} leads to ${after} instead of ${before}`;
  return { change: change.change, what: port, sentence };
}

function settingLine(change: Change, setting: string): ChangeLine {
  const what = setting || 'everything';
  const [before, after] = [shown(change.before), shown(change.after)];
  const sentence =
    change.change === 'added' ? `${what} is set`
    : change.change === 'removed' ? `${what} is no longer set`
    : `${what} is changed`;
  return { change: change.change, what, sentence, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

function componentLine(change: Change): ChangeLine {
  const what = change.setting ?? '';
  const of = (value: Json | undefined) => {
    if (!isObject(value)) return plain(value);
    const label = text(value['label']) || text(value['text']) || text(value['name']) || text(value['id']);
    return `${text(value['type']) || 'component'}${label ? ` “${label}”` : ''}`;
  };
  const isWhole = isObject(change.before) || isObject(change.after);
  if (isWhole && change.change !== 'changed') return { change: change.change, what, sentence: change.change === 'added' ? `${of(change.after)} is added` : `${of(change.before)} is removed` };
  return settingLine(change, what);
}

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
  const short = JSON.stringify(value);
  return short.length <= 80 ? short : JSON.stringify(value, null, 2);
}

/** How many activities, screens and connections a diff touches, in one line. */
export function changeTotals(groups: readonly ChangeGroup[]): string {
  if (groups.length === 0) return 'No changes';
  const parts: string[] = [];
  for (const [kind, one, many] of [['activity', 'activity', 'activities'], ['screen', 'screen', 'screens']] as const) {
    for (const change of ['added', 'changed', 'removed'] as const) {
      const count = groups.filter((group) => group.kind === kind && group.change === change).length;
      if (count) parts.push(`${count} ${count === 1 ? one : many} ${change}`);
    }
  }
  if (groups.some((group) => group.kind === 'flow')) parts.push('flow settings changed');
  return parts.join(', ');
}
