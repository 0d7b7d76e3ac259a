import { describe, expect, it } from 'vitest';
import { amount, bytes, columns, endedOf, funnelOf, milliseconds, share, span } from './numbers';

const runs = { started: 9, completed: 5, refused: 1, failed: 2, cancelled: 0, left: 3 };

describe('numbers', () => {
  it('are short and say what they are', () => {
    expect([0, 999, 12_345, 1_234_567, 23_456_789].map(amount)).toEqual(['0', '999', '12,345', '1.2 M', '23 M']);
    expect([share(0, 0), share(0, 5), share(1, 5), share(1, 24), share(1, 2_000)]).toEqual(['–', '0 %', '20 %', '4.2 %', '< 0.1 %']);
    expect([0, 999, 1_400, 1_400_000_000, -2_500].map(bytes)).toEqual(['0 B', '999 B', '1.4 kB', '1.4 GB', '−2.5 kB']);
    expect([null, 12, 1_400, 23_000].map(milliseconds)).toEqual(['–', '12 ms', '1.4 s', '23 s']);
    expect(['12:00:30', '12:03:00', '17:00:00'].map((to) => span('2030-01-01T12:00:00Z', `2030-01-01T${to}Z`))).toEqual([
      '30 s',
      '3 min',
      '5 h',
    ]);
  });

  it('of the chart are stacked in the order of the legend', () => {
    expect(endedOf(runs)).toBe(11);
    expect(
      columns([
        { at: '2030-01-01T00:00:00Z', runs },
        { at: '2030-01-01T01:00:00Z', runs: { ...runs, completed: 0 } },
      ]),
    ).toEqual([
      [1893456000, 1893459600],
      [9, 9],
      [5, 0],
      [6, 1],
      [8, 3],
      [11, 6],
      [11, 6],
    ]);
  });

  it('of a screen say how many went on, compared with the version before', () => {
    const screen = { activity: 'signIn', title: 'Sign in', shown: 10, submitted: 8, shownBefore: 20, submittedBefore: 18 };
    expect(funnelOf(screen)).toEqual({ share: 0.8, change: -10 });
    expect(funnelOf({ ...screen, shownBefore: null, submittedBefore: null })).toEqual({ share: 0.8, change: null });
    // A link may be followed twice from a page that was kept.
    expect(funnelOf({ ...screen, submitted: 12 }).share).toBe(1);
    expect(funnelOf({ ...screen, shown: 0, submitted: 0 }).change).toBeNull();
  });
});
