import { expect, it } from 'vitest';
import { durationText } from './duration';

it.each([
  [0.09, '< 1 ms'],
  [1, '1 ms'],
  [387.4, '387 ms'],
  [999.9, '1.0 s'],
  [1300, '1.3 s'],
  [12_400, '12 s'],
  [59_700, '1 min'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
  [3_780_000, '1 h 3 min'],
  [5 * 86_400_000, '5 days'],
])('%s ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));
