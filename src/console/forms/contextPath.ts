/** Paths of the context, as templates and conditions write them. No DOM. */

/** A path such as connectors.profile.body.items[0]["odd.name"] of its names and indexes. */
export function pathOf(segments: (string | number)[]): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (isPlain(segment)) path += path ? `.${segment}` : segment;
    else path += `["${segment.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"]`;
  }
  return path;
}

// What the server's parser takes as a name without quotes: it looks at UTF-16 units, so letters beyond them are none.
const isPlain = (name: string): boolean => /^[\p{L}\p{Nd}_\-$@:]+$/u.test(name) && !/[\ud800-\udfff]/.test(name);
