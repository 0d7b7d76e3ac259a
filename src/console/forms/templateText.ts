/** Completing a path, or a function behind it, inside {{ }} while somebody types a template. No DOM. */

/** What is being typed inside an open {{: a path, or behind a | a function. */
export interface OpenPlace {
  /** Where it begins. */
  start: number;
  typed: string;
  isFunction: boolean;
}

/** What is being typed inside an open {{; undefined outside of one, in quotes, in arguments and behind ??. */
export function openPlace(text: string, caret: number): OpenPlace | undefined {
  const before = text.slice(0, caret);
  const open = before.lastIndexOf('{{');
  if (open < 0 || before.indexOf('}}', open) >= 0) return undefined;
  const inside = before.slice(open + 2);
  const bare = inside.replace(quoted, (match) => ' '.repeat(match.length));
  if (bare.includes('??')) return undefined;
  // A quote that is still open is one of a path in brackets, or of an argument.
  const quote = bare.search(/["']/);
  const pipe = bare.slice(0, quote < 0 ? undefined : quote).lastIndexOf('|');
  const isFunction = pipe >= 0;
  if (isFunction && /["'(]/.test(bare.slice(pipe))) return undefined;
  const typed = inside.slice(pipe + 1).trimStart();
  return { start: caret - typed.length, typed, isFunction };
}

const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;

/**
 * The paths that go on from what was typed: those that begin so first, then
 * those with a word that does. What only has its letters somewhere is not meant.
 */
export function matching(paths: readonly string[], typed: string, limit = 8): string[] {
  const wanted = typed.trim().toLowerCase();
  const begins = paths.filter((path) => path.toLowerCase().startsWith(wanted) && path !== typed.trim());
  const others = wanted ? paths.filter((path) => !path.toLowerCase().startsWith(wanted) && hasWord(path, wanted)) : [];
  return [...begins, ...others].slice(0, limit);
}

/** Whether a word of a path begins so: after a dot, a dash or a bracket, or at a capital letter. */
function hasWord(path: string, wanted: string): boolean {
  const lower = path.toLowerCase();
  for (let at = lower.indexOf(wanted, 1); at > 0; at = lower.indexOf(wanted, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(path[at - 1]!) || (/\p{Lu}/u.test(path[at]!) && !/\p{Lu}/u.test(path[at - 1]!))) return true;
  }
  return false;
}

/** The text with a path, or a function, put in place of what was typed, closed with }}, and where the caret goes. */
export function complete(text: string, caret: number, choice: string): { text: string; caret: number } {
  const open = openPlace(text, caret);
  if (!open) return { text: `${text.slice(0, caret)}{{${choice}}}${text.slice(caret)}`, caret: caret + choice.length + 4 };
  const rest = text.slice(caret);
  const isClosed = /^(?:[^{}"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\}\}/.test(rest);
  const after = !isClosed ? `}}${rest}` : rest.replace(open.isFunction ? /^\w+/ : /^[^{}?|]*?(?=\s*(\?\?|\||\}\}))/, '');
  return { text: text.slice(0, open.start) + choice + after, caret: open.start + choice.length + (isClosed ? 0 : 2) };
}
