import { expect, it } from 'vitest';
import { counted, soon } from './counted';

it.each([
  [0, 'case', undefined, '0 cases'],
  [1, 'case', undefined, '1 case'],
  [2, 'case', undefined, '2 cases'],
  [1, 'activity', 'activities', '1 activity'],
  [1234, 'activity', 'activities', '1,234 activities'],
])('%i of "%s" reads well', (number, one, many, text) => expect(counted(number, one, many)).toBe(text));

it.each([
  [undefined, 'in a moment'],
  [1, 'in a second'],
  [80, 'in 80 seconds'],
  [91, 'in 2 minutes'],
  [600, 'in 10 minutes'],
])('%s seconds from now is %s', (seconds, text) => expect(soon(seconds)).toBe(text));
