import { expect, it } from 'vitest';
import { numbersOf } from './numbers';

it('numbers of the canvas lead to the runs of their time, those of failures to the runs that had them', () => {
  const numbers = numbersOf('login', {
    version: null,
    from: '2030-01-02T03:00:00.000Z',
    runs: { started: 3, completed: 1, refused: 0, failed: 0, cancelled: 0, left: 0 },
    activities: [
      {
        activity: 'profile',
        shown: 0,
        stopped: 2,
        outcomes: [
          { outcome: 'Success', count: 1 },
          { outcome: 'Generic HTTP Error', count: 7 },
        ],
      },
    ],
  });

  expect([...numbers.keys()]).toEqual(['profile']);
  const profile = numbers.get('profile')!;
  expect([...profile.taken]).toEqual([
    ['Success', 1],
    ['Generic HTTP Error', 7],
  ]);
  expect(profile.stopped).toBe(2);
  expect(profile.runs).toBe('/runs?flow=login&from=2030-01-02T03%3A00%3A00.000Z');
  expect(profile.failures).toBe(`${profile.runs}&activity=profile`);
});
