import type { Json, JsonObject } from '../api/types';
import { isObject } from '../graph/json';

/** The ids of the connectors that a flow's activities call, those inside a Parallel too. No DOM. */
export function connectorsOf(definition: JsonObject | null | undefined): string[] {
  const found = new Set<string>();
  const walk = (activities: Json | undefined): void => {
    for (const activity of Array.isArray(activities) ? activities : []) {
      if (!isObject(activity)) continue;
      if (typeof activity['connector'] === 'string' && activity['connector']) found.add(activity['connector']);
      for (const member of Object.values(activity)) if (Array.isArray(member)) walk(member);
    }
  };
  walk(definition?.['activities']);
  return [...found].sort();
}
