/** What to do about an error code, as docs/errors.md says it. No DOM. */
import errors from '../../../docs/errors.md?raw';

let known: Map<string, string> | undefined;

/** The advice for a code; undefined where the page does not know it. */
export function adviceOf(code: string): string | undefined {
  known ??= readAdvice(errors);
  return known.get(code);
}

/** The advice to show beside an error; undefined where its message says what to do itself, in a second sentence. */
export const adviceBeside = (error: { code: string; message: string }): string | undefined =>
  /\. \S/.test(error.message) ? undefined : adviceOf(error.code);

/** The last column of the tables whose rows begin with a code. */
export function readAdvice(markdown: string): Map<string, string> {
  const advice = new Map<string, string>();
  for (const line of markdown.split('\n')) {
    const cells = /^\| `([a-z0-9_.]+)` \|(.*)\|\s*$/.exec(line);
    if (!cells) continue;
    const text = cells[2]!
      .split(/(?<!\\)\|/)
      .at(-1)!
      .trim()
      .replaceAll('\\|', '|')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
    if (text) advice.set(cells[1]!, text);
  }
  return advice;
}
