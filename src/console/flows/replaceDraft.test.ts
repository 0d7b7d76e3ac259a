import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, api } from '../api/client';
import type { JsonObject } from '../api/types';
import { copyId, keepDraftAs, replaceDraft } from './replaceDraft';

const flow = (said: string): JsonObject => ({ id: 'login', activities: [{ id: 'end', type: 'End', outputs: { said } }] });
const draft = (definition: JsonObject, revision = 5) => ({ revision, definition, author: 'ann', updatedAt: '' });
const published = (definition: JsonObject) => ({ version: 3, definition, note: '', author: 'bea', publishedAt: '' });
const detail = (more: object) => ({ id: 'login', name: 'Login', published: null, draft: null, usedBy: [], ...more });
const conflict = new ApiError(409, 'api.conflict', 'Meanwhile…');

afterEach(() => vi.restoreAllMocks());

function server(flows: object[], puts: (object | Error)[] = [{ revision: 6 }]) {
  const get = vi.spyOn(api, 'get').mockImplementation(async () => (flows.length > 1 ? flows.shift() : flows[0]) as never);
  const put = vi.spyOn(api, 'put').mockImplementation(async () => {
    const answer = puts.length > 1 ? puts.shift() : puts[0];
    if (answer instanceof Error) throw answer;
    return answer as never;
  });
  vi.spyOn(api, 'post').mockResolvedValue({ changes: [{ change: 'added', kind: 'activity', id: 'ask' }] } as never);
  return { get, put };
}

describe('the draft is replaced', () => {
  it('at once where there is none', async () => {
    const { put } = server([detail({ published: published(flow('one')) })]);
    expect(await replaceDraft('login', flow('old'))).toBeUndefined();
    expect(put).toHaveBeenCalledWith('/api/flows/login/draft', { definition: flow('old'), revision: null });
  });

  it('only when the person who would lose it has seen it', async () => {
    const { put } = server([detail({ published: published(flow('one')), draft: draft(flow('mine')) })]);
    const lost = await replaceDraft('login', flow('old'));
    expect(lost).toMatchObject({ published: 3, draft: { author: 'ann', revision: 5 }, changes: [{ id: 'ask' }] });
    expect(put).not.toHaveBeenCalled();
    expect(await replaceDraft('login', flow('old'), 5)).toBeUndefined();
    expect(put).toHaveBeenCalledWith('/api/flows/login/draft', { definition: flow('old'), revision: 5 });
  });

  it('not where another draft came after the one that was seen', async () => {
    const { put } = server([detail({ published: published(flow('one')), draft: draft(flow('theirs'), 6) })]);
    expect(await replaceDraft('login', flow('old'), 5)).toMatchObject({ draft: { revision: 6 } });
    expect(put).not.toHaveBeenCalled();
  });

  it('not where a draft was saved while it was being replaced', async () => {
    const first = detail({ published: published(flow('one')) });
    const { put } = server([first, detail({ published: published(flow('one')), draft: draft(flow('theirs'), 8) })], [conflict]);
    expect(await replaceDraft('login', flow('old'))).toMatchObject({ draft: { revision: 8 } });
    expect(put).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['is what is published', flow('one')],
    ['is what shall be put there', flow('old')],
  ])('without a question where the draft %s', async (_, definition) => {
    const { put } = server([detail({ published: published(flow('one')), draft: draft(definition) })]);
    expect(await replaceDraft('login', flow('old'))).toBeUndefined();
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('of a flow that was never published: all of it would be lost', async () => {
    server([detail({ draft: draft(flow('mine')) })]);
    expect((await replaceDraft('login', flow('old')))?.changes).toBeUndefined();
  });
});

describe('a draft that is kept', () => {
  it('gets the next free id', async () => {
    const post = vi
      .spyOn(api, 'post')
      .mockRejectedValueOnce(new ApiError(409, 'flow.exists', 'Taken.'))
      .mockResolvedValue({} as never);
    expect(await keepDraftAs('login', flow('mine'))).toBe('login-draft2');
    expect(post).toHaveBeenLastCalledWith('/api/flows', { definition: { ...flow('mine'), id: 'login-draft2' } });
  });

  it('has an id that may be', () => {
    expect(copyId('login', 1)).toBe('login-draft');
    expect(copyId('x'.repeat(100), 12)).toHaveLength(100);
  });
});
