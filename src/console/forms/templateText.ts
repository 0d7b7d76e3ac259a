/** Completing a path inside {{ }} while somebody types a template. No DOM. */

/** What is being typed inside an open {{, and where it stands; undefined outside of one. */
export function openPath(text: string, caret: number): { start: number; typed: string } | undefined {
  const before = text.slice(0, caret);
  const open = before.lastIndexOf('{{');
  if (open < 0 || before.indexOf('}}', open) >= 0) return undefined;
  const inside = before.slice(open + 2);
  if (inside.includes('??')) return undefined;
  const typed = inside.trimStart();
  return { start: caret - typed.length, typed };
}

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

/** The text with a path put in place of what was typed, closed with }}, and where the caret goes. */
export function complete(text: string, caret: number, path: string): { text: string; caret: number } {
  const open = openPath(text, caret);
  if (!open) return { text: `${text.slice(0, caret)}{{${path}}}${text.slice(caret)}`, caret: caret + path.length + 4 };
  const isClosed = /^[^{}]*\}\}/.test(text.slice(caret));
  const after = isClosed ? text.slice(caret).replace(/^[^{}?]*?(?=\s*(\?\?|\}\}))/, '') : `}}${text.slice(caret)}`;
  return { text: text.slice(0, open.start) + path + after, caret: open.start + path.length + (isClosed ? 0 : 2) };
}
