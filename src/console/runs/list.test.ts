import { describe, expect, it } from 'vitest';
import type { RunHead } from '../api/types';
import { extended, hasExpired, listOf, refreshed, runTimes } from './list';

const run = (number: number, more: Partial<RunHead> = {}): RunHead => ({
  id: `run-${number}`,
  number,
  flowId: 'login',
  flowVersion: 1,
  status: 'completed',
  shortReference: 'Q9W1-DFWF',
  person: null,
  reference: null,
  screen: null,
  errorCode: null,
  errorCount: 0,
  errors: [],
  workedMs: 120,
  createdAt: new Date(1_900_000_000_000 + number * 1000).toISOString(),
  updatedAt: new Date(1_900_000_000_000 + number * 1000 + 500).toISOString(),
  expiresAt: new Date(1_900_003_600_000 + number * 1000).toISOString(),
  ...more,
});
const runs = (...numbers: number[]) => numbers.map((number) => run(number));
const numbers = (list: { runs: RunHead[] }) => list.runs.map((one) => one.number);

describe('reading the newest part again', () => {
  it('puts new runs first and keeps what was loaded before', () => {
    const list = extended(listOf({ runs: runs(6, 5), next: 'c5' }), { runs: runs(4, 3), next: 'c3' });
    const after = refreshed(list, { runs: runs(7, 6), next: 'c6' });
    expect(numbers(after)).toEqual([7, 6, 5, 4, 3]);
    expect(after.next).toBe('c3');
    expect([...after.fresh]).toEqual([7]);
  });

  it('changes what changed and takes away what does not fit any more', () => {
    const list = listOf({ runs: runs(6, 5, 4, 3), next: 'c3' });
    const after = refreshed(list, { runs: [run(6, { status: 'failed' }), run(4)], next: 'c4' });
    expect(numbers(after)).toEqual([6, 4, 3]);
    expect(after.runs[0]?.status).toBe('failed');
  });

  it('begins anew when runs in between may be missing', () => {
    const after = refreshed(listOf({ runs: runs(3, 2, 1), next: null }), { runs: runs(90, 89), next: 'c89' });
    expect(numbers(after)).toEqual([90, 89]);
    expect(after.next).toBe('c89');
  });

  it('takes the whole of a list that has one page', () => {
    expect(numbers(refreshed(listOf({ runs: runs(3, 2, 1), next: null }), { runs: runs(4, 2), next: null }))).toEqual([4, 2]);
    expect(numbers(refreshed(listOf({ runs: runs(3), next: null }), { runs: [], next: null }))).toEqual([]);
  });

  it('orders runs of the same moment by number', () => {
    const same = { createdAt: '2030-01-01T00:00:00.000Z' };
    const after = refreshed(listOf({ runs: [run(3, same), run(2, same), run(1, same)], next: null }), {
      runs: [run(4, same), run(3, same)],
      next: 'c',
    });
    expect(numbers(after)).toEqual([4, 3, 2, 1]);
  });

  it('calls nothing new that was loaded late', () => {
    const list = extended(listOf({ runs: runs(6), next: 'c6' }), { runs: runs(5), next: null });
    expect(refreshed(list, { runs: runs(6, 5), next: null }).fresh.size).toBe(0);
  });
});

it('a page that overlaps brings nothing twice', () => {
  expect(numbers(extended(listOf({ runs: runs(6, 5), next: 'c5' }), { runs: runs(5, 4), next: null }))).toEqual([6, 5, 4]);
});

describe('the time of a run', () => {
  it('ends with it', () => expect(runTimes(run(1), Number.MAX_SAFE_INTEGER)).toEqual({ total: 500, worked: 120, waited: 380 }));
  it('goes on while it waits, but not after it expired', () => {
    const waiting = run(0, { status: 'waiting' });
    expect(runTimes(waiting, 1_900_000_060_000)).toEqual({ total: 60_000, worked: 120, waited: 59_880 });
    expect(runTimes(waiting, 1_999_000_000_000)).toEqual({ total: 3_600_000, worked: 120, waited: 3_599_880 });
    expect(runTimes(run(0, { status: 'running' }), 1_900_000_002_500)).toEqual({ total: 2_500, worked: 2_120, waited: 380 });
    expect(runTimes(run(0, { workedMs: null }), 0)).toEqual({ total: 500, worked: undefined, waited: undefined });
    expect(hasExpired(waiting, 1_900_003_600_000)).toBe(true);
    expect(hasExpired(run(0), 1_900_003_600_000)).toBe(false);
  });
});
