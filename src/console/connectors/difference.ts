/** Where what somebody else computed differs from what was signed. No DOM. */

export interface Difference {
  /** From 1. */
  line: number;
  /** From 1, in bytes of UTF-8 within the line. */
  byte: number;
  /** The line as it was signed; undefined where they have one more. */
  ours: string | undefined;
  /** The line as they have it; undefined where they have one less. */
  theirs: string | undefined;
  /** What probably happened, in a sentence; undefined where nobody knows. */
  reason: string | undefined;
}

/** The first place where two texts differ; undefined where they are the same. */
export function differenceOf(ours: string, theirs: string): Difference | undefined {
  if (ours === theirs) return undefined;
  const [left, right] = [ours.split('\n'), theirs.split('\n')];
  for (let line = 0; line < Math.max(left.length, right.length); line++) {
    const [one, other] = [left[line], right[line]];
    if (one === other) continue;
    return { line: line + 1, byte: byteOf(one ?? '', other ?? ''), ours: one, theirs: other, reason: reasonOf(one, other, ours, theirs) };
  }
  return undefined;
}

function byteOf(one: string, other: string): number {
  const [left, right] = [new TextEncoder().encode(one), new TextEncoder().encode(other)];
  let at = 0;
  while (at < left.length && at < right.length && left[at] === right[at]) at++;
  return at + 1;
}

function reasonOf(one: string | undefined, other: string | undefined, ours: string, theirs: string): string | undefined {
  if (ours === theirs.replaceAll('\r\n', '\n')) return 'The lines are joined by CR LF; a line feed alone belongs there.';
  if (ours === theirs.replace(/\n+$/, '')) return 'There is a line feed at the end; none belongs there.';
  if (other === undefined) return 'The line is missing.';
  if (one === undefined) return 'The line is one too many.';
  if (one.trim() === other.trim()) return 'Spaces around the value count as they are sent: none at its ends.';
  if (one.toLowerCase() === other.toLowerCase()) return 'Only upper and lower case differ.';
  if (decoded(one) === decoded(other)) return 'One of them is percent-decoded: the URL counts as it stands in the request line.';
  const [name, theirName] = [nameOf(one), nameOf(other)];
  if (name !== undefined && theirName !== undefined && name !== theirName) return `${name} belongs there, not ${theirName}.`;
  if (name === '"content-digest"') return 'The digest is of another body: take the raw bytes, before anything parses them.';
  if (name === '"@authority"' || name === '"@target-uri"')
    return 'A proxy changed scheme, host or port: take those that the sender asked for.';
  return undefined;
}

const nameOf = (line: string): string | undefined => /^("[^"]*"(?:;[^:]*)?): /.exec(line)?.[1];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
