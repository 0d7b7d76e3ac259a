/** The paths of a sample context, to suggest in templates. No DOM. */
import type { Json } from '../api/types';
import { pathOf } from '../graph/contextPath';
import { jsonOfText } from '../forms/jsonText';
import { isObject } from '../graph/json';

/** Every path of a context that is written as JSON text; none while it is no object. */
export function samplePaths(text: string, limit = 200): string[] {
  const context = jsonOfText(text);
  const paths: string[] = [];
  if (isObject(context)) collect(context, [], paths, limit);
  return paths;
}

function collect(value: Json, segments: (string | number)[], paths: string[], limit: number): void {
  if (paths.length >= limit) return;
  if (segments.length > 1) paths.push(pathOf(segments));
  if (Array.isArray(value)) value.slice(0, 3).forEach((item, index) => collect(item, [...segments, index], paths, limit));
  else if (isObject(value)) for (const [name, member] of Object.entries(value)) collect(member, [...segments, name], paths, limit);
}
