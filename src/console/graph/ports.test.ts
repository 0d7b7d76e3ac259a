import { describe, expect, it } from 'vitest';
import type { Json } from '../api/types';
import { catalogue, login } from '../test/login';
import { setOutcomes } from './edit';
import { activity, connectionsFrom, type Activity, type Flow } from './flow';
import { rename } from './names';
import { matchersIn, matchersText } from './outcomes';
import { mayIgnoreErrors, needsConnections, outcomesOf } from './ports';

describe('outcomes by rows', () => {
  const query = { id: 'q', type: 'Database', connector: 'db', query: 'select 1' };
  const type = catalogue.types.get('Database')!;
  const names = (item: Activity) => outcomesOf(login, item, catalogue).map((port) => port.name);

  it('stand in place of Success', () => {
    expect(names(query)).toEqual(['Success']);
    expect(names({ ...query, outcomes: 'success' })).toEqual(['Success']);
    expect(names({ ...query, outcomes: 'rows', errorHandling: { 'Connector Execution': 'custom' } })).toEqual([
      'No Row',
      'One Row',
      'Many Rows',
      'Connector Execution',
    ]);
  });

  it('leave no way for an error that is ignored', () => {
    expect(mayIgnoreErrors(query, type)).toBe(true);
    expect(mayIgnoreErrors({ ...query, outcomes: 'rows' }, type)).toBe(false);
  });
});

describe('outcomes by answer', () => {
  const call: Activity = {
    id: 'profile',
    type: 'GenericHttp',
    connector: 'profile-api',
    outcomes: { 'Not found': ['404'], Unavailable: ['502-504', 'timeout'] },
    errorHandling: { 'Generic HTTP Error': 'custom' },
  };
  const names = (item: Activity) => outcomesOf(login, item, catalogue).map((port) => port.name);

  it('are ports behind Success, before the errors', () => {
    expect(names(call)).toEqual(['Success', 'Not found', 'Unavailable', 'Generic HTTP Error']);
    expect(names({ ...call, outcomes: undefined! })).toEqual(['Success', 'Generic HTTP Error']);
    expect(mayIgnoreErrors(call, catalogue.types.get('GenericHttp')!)).toBe(true);
  });

  const flow = {
    ...login,
    activities: [...(login['activities'] as Json[]).filter((item) => (item as Activity)['id'] !== 'profile'), call],
    connections: [
      { source: 'profile', port: 'Not found', target: 'userNotFound', message: 'Who?' },
      { source: 'profile', port: 'Unavailable', target: 'again' },
      { source: 'byStatus', port: 'Not found', target: 'again' },
    ],
  } as Flow;

  it('keep their connection when they are renamed', () => {
    const next = rename(flow, { kind: 'outcome', activity: 'profile', name: 'Not found' }, 'Unknown', catalogue);
    expect(activity(next, 'profile')!['outcomes']).toEqual({ Unknown: ['404'], Unavailable: ['502-504', 'timeout'] });
    expect(next['connections']).toEqual([
      { source: 'profile', port: 'Unknown', target: 'userNotFound', message: 'Who?' },
      { source: 'profile', port: 'Unavailable', target: 'again' },
      { source: 'byStatus', port: 'Not found', target: 'again' },
    ]);
  });

  it('take their connection with them when they are removed', () => {
    const next = setOutcomes(flow, 'profile', 'outcomes', { Unavailable: ['5xx'] });
    expect(activity(next, 'profile')!['outcomes']).toEqual({ Unavailable: ['5xx'] });
    expect(connectionsFrom(next, 'profile').map((one) => one.port)).toEqual(['Unavailable']);
    expect(connectionsFrom(next, 'byStatus')).toHaveLength(1);
    expect(activity(setOutcomes(flow, 'profile', 'outcomes', {}), 'profile')).not.toHaveProperty('outcomes');
  });

  it('are written as they are typed', () => {
    expect(matchersIn(' 404, 5xx;timeout  ')).toEqual(['404', '5xx', 'timeout']);
    expect(matchersText(['404', 500, 'dns'])).toBe('404, 500, dns');
    expect(matchersText(undefined)).toBe('');
  });

  it('are for activities that connections leave', () => {
    const type = catalogue.types.get('GenericHttp')!;
    expect(type.settings.filter(needsConnections).map((one) => one.name)).toEqual(['outcomes']);
  });
});

describe('the limit of tries', () => {
  const names = (item: Record<string, unknown>) => outcomesOf(login, item as never, catalogue).map((port) => port.name);

  it('gives the port Locked, behind the others', () => {
    expect(names({ id: 'v', type: 'VerifyPassword' })).toEqual(['Match', 'No Match']);
    expect(names({ id: 'v', type: 'VerifyPassword', limit: { key: '{{form.email}}' } })).toEqual(['Match', 'No Match', 'Locked']);
  });

  it('is nothing to a type that has no such setting', () => {
    expect(names({ id: 's', type: 'SetUser', limit: { key: 'x' } })).toEqual(['Done']);
  });
});
