import { describe, expect, it } from 'vitest';
import { catalogue, login } from '../test/login';
import { setActivityMember } from './edit';
import { activity } from './flow';
import { accompany, begin, record, redo, undo } from './history';
import { meantBy } from './meant';
import { textsOf } from './search';

const problem = (pointer: string, meant?: { path: string; part: number; name: string }) => ({
  pointer,
  code: 'path.unknown',
  severity: 'error' as const,
  message: '',
  advice: '',
  ...(meant && { meant }),
});

describe('the path that was meant', () => {
  const flow = setActivityMember(login, 'profile', 'endpoint', '/users/{{connectors.db.first.id}}/{{connectors.dbb.first.tier}}');
  const db = { path: 'connectors.dbb.first.tier', part: 1, name: 'db' };

  it('takes the place of the wrong one', () => {
    const meant = meantBy(flow, problem('/activities/2/endpoint', db), catalogue)!;
    expect(meant.path).toBe('connectors.db.first.tier');
    expect(activity(meant.change(flow), 'profile')!['endpoint']).toBe('/users/{{connectors.db.first.id}}/{{connectors.db.first.tier}}');
  });

  it('also in the key of a rule', () => {
    const wrong = JSON.parse(
      JSON.stringify(login).replace('connectors.profile.statusCode', 'connectors.profile.statuscode'),
    ) as typeof login;
    const meant = { path: 'connectors.profile.statuscode', part: 2, name: 'statusCode' };
    expect(meantBy(wrong, problem('/activities/3/branches/0/rules/0/key', meant), catalogue)!.change(wrong)).toEqual(login);
  });

  it('is nothing where the server knows none, and where it is not read', () => {
    expect(meantBy(flow, problem('/activities/2/endpoint'), catalogue)).toBeUndefined();
    expect(meantBy(flow, problem('/activities/2/method', db), catalogue)).toBeUndefined();
  });
});

describe('what stands in a flow', () => {
  it('is found with its place', () => {
    const tier = textsOf(login)
      .filter((found) => found.text.includes('tier'))
      .map((found) => found.label);
    expect(tier).toEqual(['lookup · query', 'profile · headers.x-user-tier']);
    expect(textsOf(login).find((found) => found.text === '429')).toMatchObject({
      label: 'byStatus · branch 2, rule 1, value',
      activity: 'byStatus',
    });
    expect(textsOf(login).find((found) => found.text.startsWith('We do not know'))).toMatchObject({
      label: 'screen user-not-found · component 1, text',
      screen: 'user-not-found',
      component: 0,
    });
  });
});

it('what goes along with a step is undone and done again with it', () => {
  const told: string[] = [];
  let history = record(begin('a'), 'b', 'Rename', 0, 'typing');
  history = accompany(history, { undo: () => told.push('undo'), redo: () => told.push('redo') });
  history = record(history, 'c', 'Type', 1, 'typing');
  expect(history.past).toHaveLength(2);
  history = undo(undo(history));
  history.future[0]!.effect!.undo();
  expect(history.present).toBe('a');
  history = redo(history);
  history.past.at(-1)!.effect!.redo();
  expect([history.present, ...told]).toEqual(['b', 'undo', 'redo']);
});
