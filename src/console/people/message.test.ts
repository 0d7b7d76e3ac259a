import { expect, it } from 'vitest';
import { ApiError } from '../api/client';
import { fieldOf, messageOf } from './message';

it.each([
  ['console.name', 'name'],
  ['console.user_exists', 'name'],
  ['console.password', 'password'],
  ['console.last_admin', undefined],
])('%s is told at the field %s', (code, field) => expect(fieldOf(new ApiError(422, code, 'No.'))).toBe(field));

it('says what to do when nobody would be left', () =>
  expect(messageOf(new ApiError(409, 'console.last_admin', 'No.'))).toBe(
    'Nobody would be left who is admin. Make somebody else admin first.',
  ));
