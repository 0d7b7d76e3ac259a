import { describe, expect, it } from 'vitest';
import { catalogue, login } from '../test/login';
import { outcomesOf } from './ports';

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
