import type { Json, JsonObject } from '../api/types';
import { eachOf, settingFor, typeOf, withBranches } from './described';
import { activities, activity, connectionsTo, screen, screens, type Activity, type Flow } from './flow';
import { pathOf, step, type Segment } from './contextPath';
import { isObject, text } from './json';
import { inputsOf, type Catalogue } from './ports';
import { readingsOf } from './reads';

/** A path of the context that may hold a value. */
export interface PathSuggestion {
  path: string;
  /** What the value is, in words. */
  detail: string;
  /** The activity that puts it there. */
  from?: string;
  /** A field of a screen that no way to here goes through, yet. */
  isLater?: boolean;
}

/** Under which root an activity's result is put, when its type has a context key. */
export function contextRootOf(item: Activity, catalogue: Catalogue): string | undefined {
  const type = typeOf(item, catalogue);
  const key = settingFor(type, 'contextKey')?.name;
  // What goes through items puts what they gave where the one activity would.
  const each = settingFor(type, 'activity') && eachOf(item);
  if (each) return contextRootOf(each, catalogue);
  return key === undefined ? undefined : type!.writes.find(({ path }) => path.split('.')[1] === `{${key}}`)?.path.split('.')[0];
}

export const contextKeyOf = (item: Activity): string => text(item['contextKey']) || text(item['id']);

/** The activities from which a path leads to this one, the nearest first. Without an id: all of them. */
export function before(flow: Flow, id: string | undefined): Activity[] {
  if (id === undefined || !activity(flow, id)) return activities(flow);
  const found: Activity[] = [];
  const seen = new Set<string>();
  let ring = [id];
  while (ring.length) {
    const next: string[] = [];
    for (const at of ring) {
      for (const { source } of connectionsTo(flow, at)) {
        if (seen.has(source)) continue;
        seen.add(source);
        const item = activity(flow, source);
        if (!item) continue;
        found.push(item);
        next.push(source);
      }
    }
    ring = next;
  }
  return found;
}

/** The context keys that activities before this one write, with their roots. */
export const contextKeys = (flow: Flow, catalogue: Catalogue): { root: string; key: string; activity: string }[] =>
  activities(flow)
    .flatMap(withBranches)
    .flatMap((item) => {
      const root = contextRootOf(item, catalogue);
      return root ? [{ root, key: contextKeyOf(item), activity: text(item['id']) }] : [];
    });

const fixed: PathSuggestion[] = [
  { path: 'user.userId', detail: 'The id of the person' },
  { path: 'user.email', detail: 'The e-mail address of the person' },
  { path: 'user.name', detail: 'The name of the person' },
  { path: 'user.loginId', detail: 'What the person signs in with' },
  { path: 'error.code', detail: 'The code of the last error' },
  { path: 'error.message', detail: 'The message of the last error' },
  { path: 'error.event', detail: 'The event of the last error' },
  { path: 'error.activity', detail: 'The activity of the last error' },
  { path: 'flow.id', detail: 'The id of this flow' },
  { path: 'flow.version', detail: 'The version that runs' },
  { path: 'flow.runId', detail: 'The id of the run' },
  { path: 'flow.startedAt', detail: 'When the run began' },
  { path: 'device.ip', detail: 'The address of the caller' },
  { path: 'device.userAgent', detail: 'The browser of the caller' },
  { path: 'device.language', detail: 'The language of the caller' },
];

/**
 * The paths that may hold a value when an activity runs: what the activities before it wrote, the nearest first, then what every run has.
 */
export function suggestionsAt(flow: Flow, id: string | undefined, catalogue: Catalogue): PathSuggestion[] {
  const found = new Map<string, PathSuggestion>();
  const add = (path: string, detail: string, from?: string) => {
    if (!found.has(path)) found.set(path, { path, detail, ...(from && { from }) });
  };

  const self = id === undefined ? undefined : activity(flow, id);
  for (const item of before(flow, id).flatMap(withBranches)) written(flow, item, catalogue, add);
  // A screen shows again what was entered in it.
  if (self && typeOf(self, catalogue)?.waits) written(flow, self, catalogue, add);

  if (self && settingFor(typeOf(self, catalogue), 'activity')) {
    add('item', 'The item, inside the activity that is done for each');
    add('index', 'The place of the item, from 0, inside the activity that is done for each');
  }

  const inputs = flow['inputs'];
  if (isObject(inputs))
    for (const [name, input] of Object.entries(inputs))
      add(step('client', name), `Input of the flow${isObject(input) && text(input['type']) ? `, ${text(input['type'])}` : ''}`);

  // What other templates of this flow read from the same roots is likely to be there: columns, headers, members of an answer.
  const roots = [...found.keys()];
  for (const path of pathsIn(flow)) {
    if (path.startsWith('client.') || roots.some((root) => path.startsWith(`${root}.`) || path.startsWith(`${root}[`)))
      add(path, 'Used elsewhere in this flow');
  }
  for (const { path, detail } of fixed) add(path, detail);
  // Who draws a flow often writes what reads a field before it is connected.
  for (const shown of screens(flow)) {
    for (const input of inputsOf(shown, catalogue)) {
      const path = step('form', text(input['name']));
      if (!found.has(path))
        found.set(path, { path, detail: `Entered on the screen ${text(shown['id'])}, which is not before this`, isLater: true });
    }
  }
  return [...found.values()];
}

/** Adds the places that an activity writes, as its type says them: with the key that it has, and the members that one of its settings names. */
function written(flow: Flow, item: Activity, catalogue: Catalogue, add: (path: string, detail: string, from?: string) => void): void {
  const id = text(item['id']);
  const writes = typeOf(item, catalogue)?.writes ?? [];
  const each = settingFor(typeOf(item, catalogue), 'activity') && contextRootOf(item, catalogue);
  for (const { path, description, membersOf, unless, with: needed } of writes) {
    if (each !== undefined && !path.startsWith(`${each}.`)) continue;
    if ((unless !== undefined && isGiven(item[unless])) || (needed !== undefined && !isGiven(item[needed]))) continue;
    const [root, ...rest] = path.split('.');
    const names = rest.map((name) => (/^\{\w+\}$/.test(name) ? text(item[name.slice(1, -1)]) || id : name));
    if (membersOf === undefined) add(pathOf([root!, ...names]), description, id);
    else if (path.includes('[]')) {
      const elements = item[membersOf];
      if (!Array.isArray(elements)) continue;
      elements.forEach((element, index) => {
        const at = names.flatMap((name): Segment[] => (name.endsWith('[]') ? [name.slice(0, -2), index] : [name]));
        if (at.at(-1) !== '*') add(pathOf([root!, ...at]), description, id);
        else for (const column of selectedColumns(text(element))) add(pathOf([root!, ...at.slice(0, -1), column]), description, id);
      });
    } else
      for (const { name, label } of membersIn(flow, item, membersOf, catalogue)) {
        // What has members of its own that are told is told by them.
        if (writes.some((other) => other.path === `${path.slice(0, -1)}${name}.*`)) continue;
        add(pathOf([root!, ...names.slice(0, -1), name]), label ? `${label}, ${description}` : description, id);
      }
  }
}

const isGiven = (value: Json | undefined): boolean => value !== undefined && value !== null && (!Array.isArray(value) || value.length > 0);

/** The members that a setting names: SQL its columns, JavaScript what it returns, a screen its inputs, an object its own. */
function membersIn(flow: Flow, item: Activity, path: string, catalogue: Catalogue): { name: string; label?: string }[] {
  const [first, ...rest] = path.split('.');
  const value = rest.reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), item[first!]);
  const named = (names: string[]) => names.map((name) => ({ name }));
  switch (typeOf(item, catalogue)?.settings.find((setting) => setting.name === first)?.editor) {
    case 'screen':
      return inputsOf(screen(flow, text(value)), catalogue).map((input) => ({
        name: text(input['name']),
        label: text(input['label']) || text(input['type']),
      }));
    case 'sql':
      return named(selectedColumns(text(value)));
    case 'javascript':
      return named(returnedMembers(text(value)));
    default:
      return named(isObject(value) ? Object.keys(value) : []);
  }
}

/** The paths that stand in a flow's templates and in the keys of its rules. */
export function pathsIn(value: JsonObject): Set<string> {
  const cached = used.get(value);
  if (cached) return cached;
  const paths = new Set<string>();
  for (const member of Object.values(value)) {
    if (typeof member !== 'object' || member === null) continue;
    for (const item of Array.isArray(member) ? member : [member]) {
      if (isObject(item)) for (const path of pathsOfItem(item)) paths.add(path);
    }
  }
  used.set(value, paths);
  return paths;
}

const used = new WeakMap<JsonObject, Set<string>>();
const usedByItem = new WeakMap<JsonObject, string[]>();

function pathsOfItem(item: JsonObject): string[] {
  let paths = usedByItem.get(item);
  if (!paths) {
    paths = readingsOf(item).flatMap(({ path, kind }) => (kind === 'script' ? [] : [pathOf(path)]));
    usedByItem.set(item, paths);
  }
  return paths;
}

/** The names of the columns that a query gives, as far as its text shows them. */
export function selectedColumns(sql: string): string[] {
  const plain = sql
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\{\{[^}]*\}\}/g, '?');
  const list =
    /\bselect\s+(?:distinct\s+|top\s+\(?\d+\)?\s+)?([\s\S]*?)(?:\bfrom\b|;|$)/i.exec(plain)?.[1] ??
    /\breturning\s+([\s\S]*?)(?:;|$)/i.exec(plain)?.[1] ??
    '';
  return splitOutside(list).flatMap((part) => {
    const name = /(?:\bas\s+|[\s.)]|^)(?:"([^"]+)"|`([^`]+)`|\[([^\]]+)\]|([A-Za-z_]\w*))\s*$/i.exec(part.trim());
    const column = name?.[1] ?? name?.[2] ?? name?.[3] ?? name?.[4];
    return column && !/^(end|null|true|false)$/i.test(column) ? [column] : [];
  });
}

/** The members of the object that a scriptlet returns, when it is written out in its last return. */
export function returnedMembers(code: string): string[] {
  const body = /\breturn\s*\(?\s*\{([\s\S]*)\}\s*\)?\s*;?\s*(?:\}|$)/.exec(code.slice(Math.max(0, code.lastIndexOf('return'))))?.[1];
  if (body === undefined) return [];
  return splitOutside(body).flatMap((part) => {
    const name = /^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z_$][\w$]*))\s*(?::|$)/.exec(part.trim());
    return name ? [(name[1] ?? name[2] ?? name[3])!] : [];
  });
}

/** Splits at commas that stand in no bracket and no quotes. */
function splitOutside(list: string): string[] {
  const parts: string[] = [];
  let [depth, quote, start] = [0, '', 0];
  for (let i = 0; i < list.length; i++) {
    const c = list[i]!;
    if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'" || c === '`') quote = c;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0) {
      parts.push(list.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(list.slice(start));
  return parts;
}
