import { describe, expect, it } from 'vitest';
import type { StretchWait } from '../api/types';
import { longestOf, waitFrom, waitText } from './waits';

const wait = (activity: string | null, seconds: number | null, ...parts: StretchWait['parts']): StretchWait => ({
  from: activity ?? 'start',
  activity,
  seconds,
  parts,
});

describe('waits', () => {
  it.each([
    [wait('a', 0), '0 s'],
    [
      wait('a', 14.2, { activity: 'lookup', seconds: 5, times: 1 }, { activity: 'profile', seconds: 4.6, times: 2 }),
      '14.2 s: lookup 5 s, profile 2 × 4.6 s',
    ],
    [wait('a', 10, { activity: 'b', seconds: 10 / 3, times: 3 }), '10 s: b 3 × 3.33 s'],
    [wait('a', null, { activity: 'b', seconds: 10, times: 1 }), 'without end: b 10 s'],
  ])('%j is %s', (stretch, expected) => expect(waitText(stretch)).toBe(expected));

  it('finds the longest, one without end before all', () => {
    expect(longestOf([])).toBeUndefined();
    expect(longestOf([wait('a', 1), wait('b', 3), wait('c', 2)])?.activity).toBe('b');
    expect(longestOf([wait('a', 1), wait('b', null), wait('c', 2)])?.activity).toBe('b');
    expect(waitFrom([wait('a', 1), wait('b', 3), wait('a', 2)], 'a')?.seconds).toBe(2);
    expect(waitFrom([wait(null, 1)], 'a')).toBeUndefined();
  });
});
