import { describe, expect, it } from 'vitest';
import { acceptedBy, entryOf, renameActivityIn, renameOutcomeIn } from './accepted';

describe('accepted failures', () => {
  it.each([
    ['profile: timeout', 'profile: timeout'],
    ['  profile:Generic HTTP Error ', 'profile: Generic HTTP Error'],
    ['customer/lookup : 5xx', 'customer/lookup: 5xx'],
    ['profile', undefined],
    [': timeout', undefined],
    ['profile:', undefined],
  ])('%s is %s', (line, entry) => expect(entryOf(line)).toBe(entry));

  it('follows an activity and an outcome that get other names', () => {
    expect(renameActivityIn(['call: timeout', 'call/inner:5xx', 'caller: timeout', 'x/call: timeout', 'call', 3], 'call', 'ask')).toEqual([
      'ask: timeout',
      'ask/inner:5xx',
      'caller: timeout',
      'x/call: timeout',
      'call',
      3,
    ]);
    expect(renameOutcomeIn(['call:Gone', 'call: Gone away', 'other: Gone', 3], 'call', 'Gone', 'Left')).toEqual([
      'call: Left',
      'call: Gone away',
      'other: Gone',
      3,
    ]);
  });

  it('tells who accepted what is published, and nobody of what is not', () => {
    const ann = { failure: 'profile: timeout', version: 3, author: 'ann', acceptedAt: '2026-01-02T03:04:05Z' };
    expect(acceptedBy(['profile:timeout', 'profile: timeout', 'profile: 503', 'half'], [ann])).toEqual([
      { failure: 'profile: timeout', by: ann },
      { failure: 'profile: 503', by: undefined },
    ]);
  });
});
