import { describe, expect, it } from 'vitest';
import { apiQuery, everything, filterOf, isFiltered, searchOf } from './filter';

const now = Date.parse('2030-01-31T12:00:00Z');

describe('the filter of an address', () => {
  it('survives the way into the address and back', () => {
    const filter = {
      ...everything,
      flow: 'login',
      status: 'failed' as const,
      person: 'ada & co',
      errors: 'true' as const,
      errorCode: 'http.timeout',
      connector: 'profile-api',
      activity: 'sub/profile',
      from: '2030-01-30T00:00:00.000Z',
      until: '2030-01-31T00:00:00.000Z',
    };
    expect(filterOf(new URLSearchParams(searchOf(filter)))).toEqual(filter);
    expect(filterOf(new URLSearchParams(searchOf({ ...everything, last: '24h' })))).toEqual({ ...everything, last: '24h' });
  });

  it('takes what the release before called an error', () => {
    expect(filterOf(new URLSearchParams('error=http.timeout'))).toEqual({ ...everything, errorCode: 'http.timeout' });
  });

  it.each(['refused', 'cancelled'] as const)('knows the status %s', (status) => {
    expect(filterOf(new URLSearchParams(`status=${status}`)).status).toBe(status);
  });

  it('leaves out what makes no sense', () => {
    expect(filterOf(new URLSearchParams('status=gone&errors=yes&last=3y&from=yesterday&until='))).toEqual(everything);
    expect(searchOf(everything)).toBe('');
  });

  it('takes a span for the whole range', () => {
    expect(filterOf(new URLSearchParams('last=1h&from=2030-01-01T00:00:00Z'))).toEqual({ ...everything, last: '1h' });
  });

  it('knows whether it asks for anything', () => {
    expect(isFiltered(everything)).toBe(false);
    expect(isFiltered({ ...everything, person: 'ada' })).toBe(true);
  });
});

describe('what the API is asked', () => {
  it('ends a span now', () => {
    expect(apiQuery({ ...everything, last: '1h', flow: 'login' }, now, { limit: 50 })).toBe(
      '?flow=login&from=2030-01-31T11%3A00%3A00.000Z&limit=50',
    );
  });

  it('goes on where a page ended', () => {
    expect(apiQuery(everything, now, { limit: 50, cursor: '123.4' })).toBe('?limit=50&cursor=123.4');
  });
});
