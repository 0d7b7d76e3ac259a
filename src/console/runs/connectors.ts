import type { JsonObject } from '../api/types';
import { everyActivity, typeOf } from '../graph/described';
import { text } from '../graph/json';
import type { Catalogue } from '../graph/ports';

/** The ids of the connectors that a flow's activities call, those inside others too. No DOM. */
export function connectorsOf(definition: JsonObject | null | undefined, catalogue: Catalogue): string[] {
  const ids = everyActivity(definition ?? {}).flatMap((item) =>
    (typeOf(item, catalogue)?.settings ?? []).filter(({ editor }) => editor?.startsWith('connector:')).map(({ name }) => text(item[name])),
  );
  return [...new Set(ids)].filter((id) => id !== '').sort();
}
