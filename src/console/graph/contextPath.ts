/**
 * Paths of the context, as templates and rules write them. The server's parser (ContextPath.cs) has the same grammar:
 * tests/Shared/context-paths.json is the table that
 * both are tested with. No DOM.
 */

export type Segment = string | number;

/** A path in a text: its segments, the root first, and where each stands there with its dot or brackets. */
export interface Read {
  segments: Segment[];
  starts: number[];
  ends: number[];
}

// It looks at UTF-16 units, as the server does, so letters beyond them are none.
const nameCharacters = /[\p{L}\p{Nd}_\-$@:]+/uy;
const surrogate = /[\ud800-\udfff]/;
const index = /\[(\d+)\]/y;

/** What may stand in a path without quotes. */
const isPlain = (name: string): boolean => nameAt(name, 0) === name.length && name !== '';

/** Where the name that begins here ends; the same place when there is none. */
function nameAt(text: string, start: number): number {
  nameCharacters.lastIndex = start;
  const found = nameCharacters.exec(text)?.[0] ?? '';
  const odd = found.search(surrogate);
  return start + (odd < 0 ? found.length : odd);
}

/** The longest path that begins at a place of a text; undefined when none does. */
export function pathAt(text: string, start: number): Read | undefined {
  const end = nameAt(text, start);
  if (end === start) return undefined;
  const read: Read = { segments: [text.slice(start, end)], starts: [start], ends: [end] };
  for (let at = end; ; at = read.ends.at(-1)!) {
    const next = text[at] === '.' ? named(text, at) : text[at] === '[' ? bracketed(text, at) : undefined;
    if (!next) return read;
    read.segments.push(next.segment);
    read.starts.push(at);
    read.ends.push(next.end);
  }
}

function named(text: string, at: number): { segment: Segment; end: number } | undefined {
  const end = nameAt(text, at + 1);
  return end > at + 1 ? { segment: text.slice(at + 1, end), end } : undefined;
}

/** What stands in brackets: an index, or a name in quotes, in which a backslash takes the next character as it is. */
export function bracketed(text: string, at: number): { segment: Segment; end: number } | undefined {
  const quote = text[at + 1];
  if (quote !== '"' && quote !== "'") {
    index.lastIndex = at;
    const found = index.exec(text);
    return found && Number(found[1]) <= 0x7fffffff ? { segment: Number(found[1]), end: at + found[0].length } : undefined;
  }
  let name = '';
  for (let i = at + 2; i < text.length; i++) {
    if (text[i] === quote) return text[i + 1] === ']' ? { segment: name, end: i + 2 } : undefined;
    if (text[i] === '\\' && i + 1 < text.length) i++;
    name += text[i];
  }
  return undefined;
}

/** The segments of a text that is one path; undefined when it is none. */
export function parsePath(text: string): Segment[] | undefined {
  const read = pathAt(text, 0);
  return read?.ends.at(-1) === text.length ? read.segments : undefined;
}

/** One segment as it stands behind others. */
export const segmentText = (segment: Segment): string =>
  typeof segment === 'number'
    ? `[${segment}]`
    : isPlain(segment)
      ? `.${segment}`
      : `["${segment.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"]`;

/** A path such as connectors.profile.body.items[0]["odd.name"] of its names and indexes. */
export const pathOf = (segments: readonly Segment[]): string => segments.map(segmentText).join('').replace(/^\./, '');

/** A path with one more segment. */
export const step = (path: string, segment: Segment): string => path + segmentText(segment);

/** Whether a path is the other one or goes on from it. */
export const goesOnFrom = (path: readonly Segment[], start: readonly Segment[]): boolean =>
  start.length <= path.length && start.every((segment, i) => path[i] === segment);
