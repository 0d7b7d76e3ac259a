import { describe, expect, it } from 'vitest';
import { catalogue, login } from '../test/login';
import type { Activity } from './flow';
import { mayIgnoreErrors, outcomesOf } from './ports';

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
