import { expect, it } from 'vitest';
import { isStillToCome, type Problem } from './problems';

const problem = (code: string, activity?: string): Problem => ({
  code,
  ...(activity !== undefined && { activity }),
  pointer: '',
  setting: '',
  severity: 'error',
  message: '',
  advice: '',
});

it.each([
  ['flow.required', 'lookup', 'lookup', true],
  ['flow.unconnected', 'lookup', 'lookup', true],
  ['db.quoted_template', 'lookup', 'lookup', false],
  ['flow.required', 'lookup', 'other', false],
  ['flow.required', 'lookup', undefined, false],
  ['flow.required', undefined, undefined, false],
])('%s of %s is to come while %s is fresh: %s', (code, activity, fresh, expected) =>
  expect(isStillToCome(problem(code, activity), fresh)).toBe(expected),
);
