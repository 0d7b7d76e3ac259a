import { expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { signInProblem } from './signInProblem';

it.each([
  [
    429,
    'console.too_many_tries',
    1,
    'There were too many wrong tries from here. Try again in a second. If you have forgotten your password, an admin can set a new one.',
  ],
  [
    429,
    'console.too_many_tries',
    80,
    'There were too many wrong tries from here. Try again in 80 seconds. If you have forgotten your password, an admin can set a new one.',
  ],
  [
    429,
    'console.too_many_tries',
    600,
    'There were too many wrong tries from here. Try again in 10 minutes. If you have forgotten your password, an admin can set a new one.',
  ],
  [503, 'console.busy', undefined, 'Many people are signing in just now. Try again in a moment.'],
  [401, 'console.credentials', undefined, 'Name or password are wrong.'],
])('says to people what %i %s means', (status, code, retryAfter, text) => {
  expect(signInProblem(new ApiError(status, code, 'Name or password are wrong.', {}, retryAfter))).toBe(text);
});
