import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/client';
import type { JsonObject } from '../../api/types';
import { DraftSaver, type SaveState } from './draftSaver';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that keeps one draft, as the API does. */
function server(revision: number | null = 1) {
  const store = { revision, definition: {} as JsonObject, saves: [] as (number | null)[], isDown: false };
  const put = async (definition: JsonObject, from: number | null) => {
    if (store.isDown) throw new ApiError(0, 'network', 'away');
    store.saves.push(from);
    if (from !== store.revision)
      throw new ApiError(409, 'api.conflict', 'changed', {
        current: store.revision === null ? null : { revision: store.revision, definition: store.definition, author: 'eve', updatedAt: '' },
      });
    store.revision = (store.revision ?? 0) + 1;
    store.definition = definition;
    return { revision: store.revision };
  };
  return { store, put };
}

function saverOf(put: (definition: JsonObject, revision: number | null) => Promise<{ revision: number }>, revision: number | null = 1) {
  const states: SaveState['kind'][] = [];
  return { saver: new DraftSaver({ put, onState: (state) => states.push(state.kind) }, revision), states };
}

describe('saving a draft', () => {
  it('waits until nothing changes for a second, and saves once', async () => {
    const { store, put } = server();
    const { saver, states } = saverOf(put);
    saver.change({ n: 1 });
    await vi.advanceTimersByTimeAsync(600);
    saver.change({ n: 2 });
    await vi.advanceTimersByTimeAsync(600);
    expect(store.saves).toEqual([]);
    await vi.advanceTimersByTimeAsync(600);
    expect(store.saves).toEqual([1]);
    expect(store.definition).toEqual({ n: 2 });
    expect(states.at(-1)).toBe('saved');
    expect(saver.isClean).toBe(true);
  });

  it('begins a draft where there is none', async () => {
    const { store, put } = server(null);
    const { saver } = saverOf(put, null);
    saver.change({ n: 1 });
    await saver.flush();
    expect(store.revision).toBe(1);
    expect(saver.revision).toBe(1);
  });

  it('what changes during a save is saved after it, on top of it', async () => {
    const { store, put } = server();
    let release = () => undefined as void;
    const { saver } = saverOf(async (definition, revision) => {
      await new Promise<void>((resolve) => (release = resolve));
      return put(definition, revision);
    });
    saver.change({ n: 1 });
    void saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    saver.change({ n: 2 });
    release();
    await vi.advanceTimersByTimeAsync(1000);
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect(store.saves).toEqual([1, 2]);
    expect(store.definition).toEqual({ n: 2 });
  });

  it('never overwrites what somebody else saved; keep mine saves on top of it', async () => {
    const { store, put } = server();
    const { saver } = saverOf(put);
    store.revision = 7;
    store.definition = { theirs: true };
    saver.change({ mine: 1 });
    await saver.flush();
    expect(saver.current).toMatchObject({ kind: 'conflict', theirs: { revision: 7, author: 'eve' } });
    saver.change({ mine: 2 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.definition).toEqual({ theirs: true });
    await saver.keepMine({ mine: 2 });
    expect(store.definition).toEqual({ mine: 2 });
    expect(saver.revision).toBe(8);
  });

  it('take theirs goes on from their revision', async () => {
    const { store, put } = server();
    const { saver } = saverOf(put);
    store.revision = 7;
    saver.change({ mine: 1 });
    await saver.flush();
    saver.reset(7);
    saver.change({ mine: 2 });
    await saver.flush();
    expect(store.saves).toEqual([1, 7]);
    expect(saver.revision).toBe(8);
  });

  it('keep mine after the draft was published by somebody begins a new one', async () => {
    const { store, put } = server();
    const { saver } = saverOf(put);
    store.revision = null;
    saver.change({ mine: 1 });
    await saver.flush();
    expect(saver.current).toEqual({ kind: 'conflict', theirs: null });
    await saver.keepMine({ mine: 1 });
    expect(store.definition).toEqual({ mine: 1 });
  });

  it('keeps trying while the server is away', async () => {
    const { store, put } = server();
    const { saver, states } = saverOf(put);
    store.isDown = true;
    saver.change({ n: 1 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(states.at(-1)).toBe('failing');
    await vi.advanceTimersByTimeAsync(20_000);
    store.isDown = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(store.definition).toEqual({ n: 1 });
    expect(states.at(-1)).toBe('saved');
  });

  it('does not ask again for what the server refuses', async () => {
    let asked = 0;
    const { saver } = saverOf(() => {
      asked++;
      return Promise.reject(new ApiError(403, 'api.forbidden', 'no'));
    });
    saver.change({ n: 1 });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked).toBe(1);
    expect(saver.current).toMatchObject({ kind: 'failing', isRefused: true });
  });
});
