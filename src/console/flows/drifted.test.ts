import { expect, test } from 'vitest';
import { driftOf } from './drifted';

test('what differs is counted', () => {
  expect(driftOf([{ kind: 'flow', id: 'a', change: 'changed' }])).toBe('1 flow differs from');
  expect(
    driftOf([
      { kind: 'connector', id: 'a', change: 'added' },
      { kind: 'connector', id: 'b', change: 'removed' },
    ]),
  ).toBe('2 connectors differ from');
});
