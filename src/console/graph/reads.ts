import type { Json, JsonObject } from '../api/types';
import { bracketed, goesOnFrom, parsePath, pathAt, pathOf, segmentText, type Read, type Segment } from './contextPath';
import type { Flow } from './flow';
import { isObject } from './json';
import { pointerTo } from './pointer';
import type { Catalogue } from './ports';

// Where a flow reads the context: in templates of any setting, in the keys and scripts of rules. Everything that renames, or tells what
// would be missed, goes through here.

/** How a text is read: a text with templates, one path, or a JavaScript expression that sees the roots as variables. */
type Kind = 'template' | 'path' | 'script';

/** A place that reads the context. */
export interface Reading {
  path: Segment[];
  /** Where the text stands, as a JSON Pointer. */
  pointer: string;
  kind: Kind;
}

/** The paths in the templates of a text. */
export function readsInTemplate(text: string): Read[] {
  const reads: Read[] = [];
  for (let open = text.indexOf('{{'); open >= 0; ) {
    const close = text[open - 1] === '\\' ? open : closeOf(text, open + 2);
    if (close < 0) break;
    const read = close > open ? pathAt(text, open + 2 + /^\s*/.exec(text.slice(open + 2, close))![0].length) : undefined;
    if (read && read.ends.at(-1)! <= close) reads.push(read);
    open = text.indexOf('{{', close + 2);
  }
  return reads;
}

/** The braces that close a template: not those in quotes. */
function closeOf(text: string, start: number): number {
  let quote = '';
  for (let i = start; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '}' && text[i + 1] === '}') return i;
  }
  return -1;
}

const tokens =
  /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`(?:[^`\\]|\\[^])*`|[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*|\s+|\?\.(?!\d)|[^]/gu;
const regex = /\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const member = /\s*(?:\?\.\s*)?\.?\s*/y;

/**
 * The members of the context that a JavaScript expression names, such as connectors.profile?.statusCode. What it computes (client[name])
 * is not among them.
 */
export function readsInScript(code: string, offset = 0): Read[] {
  const reads: Read[] = [];
  let before = '';
  tokens.lastIndex = 0;
  for (let at = 0; at < code.length; ) {
    tokens.lastIndex = at;
    let token = tokens.exec(code)![0];
    if (token[0] === '/' && token.length === 1 && !/[\w$)\]]$/.test(before)) {
      regex.lastIndex = at;
      token = regex.exec(code)?.[0] ?? token;
    }
    const start = at;
    at += token.length;
    if (/^(\s|\/\/|\/\*)/.test(token)) continue;
    if (token[0] === '`') {
      for (const { from, to } of placesIn(token)) reads.push(...readsInScript(token.slice(from, to), offset + start + from));
    } else if (/^[\p{ID_Start}$_]/u.test(token) && before !== '.' && before !== '?.') {
      const read = chain(code, start, at);
      at = read.ends.at(-1)!;
      const isMemberName = (before === '{' || before === ',') && /^\s*:/.test(code.slice(at));
      if (!isMemberName)
        reads.push({ ...read, starts: read.starts.map((place) => place + offset), ends: read.ends.map((place) => place + offset) });
      before = 'x';
      continue;
    }
    before = token;
  }
  return reads;
}

/** What stands in the ${} of a template literal. */
function placesIn(literal: string): { from: number; to: number }[] {
  const places: { from: number; to: number }[] = [];
  for (let at = literal.indexOf('${'); at >= 0; at = literal.indexOf('${', at)) {
    const from = at + 2;
    for (let depth = 1; depth > 0 && at < literal.length - 1; at++) {
      const c = literal[at + 2];
      if (c === '{') depth++;
      else if (c === '}') depth--;
      else if (c === undefined) return places;
    }
    places.push({ from, to: at + 1 });
  }
  return places;
}

function chain(code: string, start: number, end: number): Read {
  const read: Read = { segments: [code.slice(start, end)], starts: [start], ends: [end] };
  for (;;) {
    const from = read.ends.at(-1)!;
    member.lastIndex = from;
    const joint = member.exec(code)![0];
    const at = from + joint.length;
    const name = /\./.test(joint) && /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(code.slice(at))?.[0];
    const next = name
      ? { segment: name, end: at + name.length }
      : code[at] === '[' && !/[^?]\.\s*$|^\.\s*$/.test(joint)
        ? bracketed(code, at)
        : undefined;
    if (!next) return read;
    read.segments.push(next.segment);
    read.starts.push(from);
    read.ends.push(next.end);
  }
}

const readsOf = (text: string, kind: Kind): Read[] => {
  if (kind === 'script') return readsInScript(text);
  if (kind === 'template') return readsInTemplate(text);
  const read = parsePath(text) && pathAt(text, 0);
  return read ? [read] : [];
};

/**
 * Goes through every text of a flow that reads the context; a text that comes back changed takes its place, the rest stays the same
 * objects.
 */
function mapReadingTexts<T extends JsonObject>(
  flow: T,
  catalogue: Catalogue | undefined,
  change: (text: string, kind: Kind, pointer: string) => string,
): T {
  return object(flow, '', 'flow') as T;

  // What says who somebody is, for people, or how it looks, reads nothing.
  function skips(name: string, place: 'flow' | 'named' | 'rule' | 'names' | 'other'): boolean {
    return place === 'flow'
      ? ['$schema', 'id', 'name', 'description', 'designer'].includes(name)
      : place === 'named' && ['id', 'type', 'name', 'description', 'contextKey'].includes(name);
  }

  function object(value: JsonObject, pointer: string, place: 'flow' | 'named' | 'rule' | 'names' | 'other'): JsonObject {
    let changed = false;
    const isRule = place === 'rule' || (typeof value['operator'] === 'string' && typeof value['key'] === 'string');
    const paths =
      place === 'named'
        ? catalogue?.types
            .get(String(value['type']))
            ?.settings.filter((setting) => setting.editor === 'path')
            .map((setting) => setting.name)
        : undefined;
    const entries = Object.entries(value).map(([name, inner]): [string, Json] => {
      if (skips(name, place)) return [name, inner];
      const below = pointerTo(pointer, name);
      const kind: Kind = (isRule && name === 'key') || paths?.includes(name) ? 'path' : isRule && name === 'script' ? 'script' : 'template';
      // A translation stands under the text that it translates.
      const nextName = place === 'names' ? change(name, 'template', below) : name;
      const next = mapped(inner, below, name, kind, place);
      changed ||= next !== inner || nextName !== name;
      return [nextName, next];
    });
    return changed ? Object.fromEntries(entries) : value;
  }

  function mapped(value: Json, pointer: string, name: string, kind: Kind, place: string): Json {
    if (typeof value === 'string') return change(value, kind, pointer);
    const inside =
      name === 'rules' ? 'rule' : place === 'flow' && name === 'locales' ? 'other' : pointer.startsWith('/locales/') ? 'names' : 'other';
    if (Array.isArray(value)) {
      const items = value.map((item, index): Json => {
        const below = pointerTo(pointer, index);
        // Activities, those inside Parallel too, are what has an id and a type; a component's name is what it writes.
        return isObject(item)
          ? object(item, below, name === 'rules' ? 'rule' : name === 'activities' || name === 'components' ? 'named' : 'other')
          : mapped(item, below, '', kind, place);
      });
      return items.some((item, i) => item !== value[i]) ? items : value;
    }
    const isActivity = name === 'activity' && isObject(value) && typeof value['type'] === 'string';
    return isObject(value) ? object(value, pointer, isActivity ? 'named' : inside) : value;
  }
}

/** Every place of a flow that reads the context. */
export function readingsOf(flow: Flow, catalogue?: Catalogue): Reading[] {
  const readings: Reading[] = [];
  mapReadingTexts(flow, catalogue, (text, kind, pointer) => {
    // Of a text and its translations, the text is what one goes to.
    if (!pointer.startsWith('/locales/')) for (const { segments } of readsOf(text, kind)) readings.push({ path: segments, pointer, kind });
    return text;
  });
  return readings;
}

/** Gives the last segment of a path another name wherever the path, or one that goes on from it, is read. */
export function renameReads<T extends JsonObject>(value: T, path: readonly Segment[], to: string, catalogue?: Catalogue): T {
  if (path.at(-1) === to) return value;
  return mapReadingTexts(value, catalogue, (text, kind) => renameInText(text, kind, path, to));
}

function renameInText(text: string, kind: Kind, path: readonly Segment[], to: string): string {
  const last = path.length - 1;
  if (!text.includes(String(path[0]))) return text;
  return readsOf(text, kind)
    .filter(({ segments }) => goesOnFrom(segments, path))
    .reverse()
    .reduce((changed, { starts, ends }) => {
      const old = changed.slice(starts[last]!, ends[last]!);
      return changed.slice(0, starts[last]!) + (kind === 'script' ? memberText(old, to) : segmentText(to)) + changed.slice(ends[last]!);
    }, text);
}

/** A member of a JavaScript expression under another name; what is optional stays so. */
function memberText(old: string, to: string): string {
  const optional = /^\s*\?\./.test(old);
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(to)) return `${optional ? '?.' : '.'}${to}`;
  return `${optional ? '?.' : ''}[${JSON.stringify(to)}]`;
}

/** Puts a path in the place of another in one text, whether it is a template, a key or a script. */
export function replaceRead<T extends JsonObject>(
  value: T,
  pointer: string,
  from: readonly Segment[],
  to: readonly Segment[],
  catalogue?: Catalogue,
): T {
  return mapReadingTexts(value, catalogue, (text, kind, at) => {
    if (at !== pointer) return text;
    return readsOf(text, kind)
      .filter(({ segments }) => segments.length === from.length && goesOnFrom(segments, from))
      .reverse()
      .reduce(
        (changed, { starts, ends }) =>
          changed.slice(0, starts[0]!) + (kind === 'script' ? scriptPath(to) : pathOf(to)) + changed.slice(ends.at(-1)!),
        text,
      );
  });
}

const scriptPath = (path: readonly Segment[]): string =>
  path.map((segment, i) => (i === 0 ? String(segment) : typeof segment === 'number' ? `[${segment}]` : memberText('', segment))).join('');
