import { expect, it } from 'vitest';
import { messageOf } from './client';

it.each([
  [429, 80, 'That was too often. Try again in 80 seconds.'],
  [429, undefined, 'That was too often. Try again in a moment.'],
  [503, 5, 'The server cannot do this just now. Try again in 5 seconds.'],
  [503, undefined, 'Its own words.'],
  [409, 5, 'Its own words.'],
])('%i with Retry-After %s is told to people', (status, retryAfter, text) => {
  const said = messageOf({ status, statusText: '' }, { errorMessage: 'Its own words.' }, retryAfter);
  expect(said).toBe(text);
  expect(said).not.toMatch(/header|Retry-After/);
});

it('says what it can where the answer is none of the server', () =>
  expect(messageOf({ status: 502, statusText: 'Bad Gateway' }, {}, undefined)).toBe('Bad Gateway'));
