/** Puts a definition in the place of a flow's draft, and never over work that nobody has looked at. No DOM. */
import { api, ApiError } from '../api/client';
import type { Change, FlowDetail, JsonObject } from '../api/types';
import { sameJson, withMember } from '../graph/json';

/** A draft that would be lost, and what is in it. */
export interface Lost {
  name: string;
  /** The version that it was made from; null where none was published. */
  published: number | null;
  draft: NonNullable<FlowDetail['draft']>;
  /** What it changes; undefined where no version is published, so that all of it would be lost. */
  changes?: Change[];
}

export const pathOfFlow = (id: string): string => `/api/flows/${encodeURIComponent(id)}`;

/**
 * Saves the definition as the flow's draft.
 * @param agreed the revision of the draft that the person saw and gave up; null while they were not asked.
 * @returns what would be lost, and then nothing was saved; undefined when
 * it is done. Somebody may save a draft at any moment: then it asks again.
 */
export async function replaceDraft(id: string, definition: JsonObject, agreed: number | null = null, tries = 5): Promise<Lost | undefined> {
  const flow = await api.get<FlowDetail>(pathOfFlow(id));
  const { draft, published } = flow;
  if (draft && draft.revision !== agreed && !sameJson(draft.definition, definition) && !sameJson(draft.definition, published?.definition)) {
    const lost = { name: flow.name, published: published?.version ?? null, draft };
    if (!published) return lost;
    const { changes } = await api.post<{ changes: Change[] }>('/api/flows/diff', { from: published.definition, to: draft.definition });
    return { ...lost, changes };
  }
  try {
    await api.put(`${pathOfFlow(id)}/draft`, { definition, revision: draft?.revision ?? null });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409 || tries <= 1) throw error;
    // What came in between is looked at as well.
    return replaceDraft(id, definition, agreed, tries - 1);
  }
}

/** Keeps a draft as a flow of its own, so that nothing of it is lost. @returns that flow's id. */
export async function keepDraftAs(id: string, draft: JsonObject): Promise<string> {
  for (let number = 1; ; number++) {
    const wish = copyId(id, number);
    try {
      await api.post('/api/flows', { definition: withMember(draft, 'id', wish) });
      return wish;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'flow.exists') throw error;
    }
  }
}

/** "login-draft", "login-draft2"…, within what an id may be long. */
export function copyId(id: string, number: number): string {
  const end = `-draft${number === 1 ? '' : number}`;
  return `${id.slice(0, 100 - end.length)}${end}`;
}
