import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../api/types';
import { catalogue, login } from '../test/login';
import { replaceActivity, setErrorHandling } from './edit';
import { activity, connectionsFrom, type Flow } from './flow';
import { objects } from './json';
import { toCondition, toOutcomes } from './statusOutcomes';

interface Forms {
  name: string;
  call: string;
  condition: string;
  old: Flow;
  new: Flow;
}

// The server is tested with the same pairs: that both do the same, for every status.
const pairs = JSON.parse(readFileSync(new URL('../../../tests/Shared/status-forms.json', import.meta.url), 'utf8')) as Forms[];

const made = (conversion: ReturnType<typeof toOutcomes>): Flow => {
  if (!conversion || 'why' in conversion) throw new Error(conversion?.why ?? 'nothing to convert');
  return conversion.flow;
};
const whyNot = (conversion: ReturnType<typeof toOutcomes>) => (conversion && 'why' in conversion ? conversion.why : undefined);
const outcomesOf = (flow: Flow, id: string) => activity(flow, id)!['outcomes'];

describe.each(pairs)('$name', ({ call, condition, old, new: fresh }) => {
  it('becomes outcomes of the call', () => expect(made(toOutcomes(old, condition, catalogue))).toEqual(fresh));

  it('becomes a condition again, which becomes the same outcomes', () => {
    const back = toCondition(fresh, call, catalogue)!;
    const flow = made(back);
    expect(outcomesOf(flow, call)).toBeUndefined();
    const again = made(toOutcomes(flow, (back as { id: string }).id, catalogue));
    expect(outcomesOf(again, call)).toEqual(outcomesOf(fresh, call));
    const sorted = (of: Flow) =>
      connectionsFrom(of, call)
        .map((one) => `${one.port} ${one.target}`)
        .sort();
    expect(sorted(again)).toEqual(sorted(fresh));
  });
});

describe('the way there', () => {
  const branches = (...list: JsonObject[]) => replaceActivity(login, 'byStatus', (item) => ({ ...item, branches: list as Json[] }));
  const branch = (rule: JsonObject) => ({ outcome: 'A', rules: [{ key: 'connectors.profile.statusCode', ...rule }] });

  it.each([
    [{ operator: 'equal', value: 404 }, ['404']],
    [{ operator: 'equal', value: '404' }, ['404']],
    [{ operator: 'in', value: [404, '410'] }, ['404', '410']],
    [{ operator: 'in-range', value: '502, 504' }, ['502-504']],
    [{ operator: 'in-range', value: [400, 499] }, ['4xx']],
    [{ operator: 'greater-than', value: 598 }, ['6xx', '7xx', '8xx', '9xx', '599']],
    // A success never comes this way, so a class with one in it cannot be named as a whole.
    [{ operator: 'less-than', value: 300 }, ['1xx']],
  ])('reads %j', (rule, words) => {
    const flow = made(toOutcomes(branches(branch(rule)), 'byStatus', catalogue));
    expect(outcomesOf(flow, 'profile')).toEqual({ A: words });
  });

  it.each([
    [{ operator: 'equal', value: '{{form.status}}' }],
    [{ operator: 'matches', value: '^4' }],
    [{ operator: 'greater-than', value: 'many' }],
    [{ key: 'form.email', operator: 'equal', value: 'x' }],
  ])('does not guess at %j', (rule) => {
    const flow = branches(branch({ operator: 'equal', value: 404 }), branch(rule));
    expect(whyNot(toOutcomes(flow, 'byStatus', catalogue))).toContain('asks for more than fixed statuses');
  });

  it('has nothing to do with conditions on something else', () => {
    expect(toOutcomes(branches(branch({ key: 'form.email', operator: 'equal', value: 'x' })), 'byStatus', catalogue)).toBeUndefined();
    expect(toOutcomes(login, 'signIn', catalogue)).toBeUndefined();
  });

  it('needs Else to lead somewhere, and nobody else to come', () => {
    const without = { ...login, connections: objects(login['connections']).filter((one) => one['port'] !== 'Else') };
    expect(whyNot(toOutcomes(without, 'byStatus', catalogue))).toContain('Connect “Else” first');
    const crowded = {
      ...login,
      connections: [
        ...objects(login['connections']).filter((one) => one['port'] !== 'submit'),
        { source: 'signIn', port: 'submit', target: 'byStatus' },
      ],
    };
    expect(whyNot(toOutcomes(crowded, 'byStatus', catalogue))).toContain('may lead to this condition');
    const counting = replaceActivity(login, 'byStatus', (item) => ({ ...item, limit: { key: '{{form.email}}' } }));
    expect(whyNot(toOutcomes(counting, 'byStatus', catalogue))).toContain('limit');
  });

  it('joins an outcome of the same name that leads to the same place, and names another anew', () => {
    const named = (target: string) => {
      const flow = replaceActivity(login, 'profile', (item) => ({ ...item, outcomes: { 'Not found': ['timeout'] } }));
      return { ...flow, connections: [...objects(flow['connections']), { source: 'profile', port: 'Not found', target }] };
    };
    expect(outcomesOf(made(toOutcomes(named('userNotFound'), 'byStatus', catalogue)), 'profile')).toEqual({
      'Not found': ['timeout', '404'],
      'Rate limited': ['429'],
    });
    const apart = Object.keys(outcomesOf(made(toOutcomes(named('again'), 'byStatus', catalogue)), 'profile') as JsonObject);
    expect(apart).toHaveLength(3);
  });
});

describe('the way back', () => {
  const fresh = pairs[0]!.new;
  const withOutcomes = (outcomes: JsonObject) => replaceActivity(fresh, 'profile', (item) => ({ ...item, outcomes }));

  it('leaves faults and successes where they are', () => {
    const flow = made(toCondition(withOutcomes({ 'Not found': ['404', 'timeout'], 'Rate limited': ['201', '429'] }), 'profile', catalogue));
    expect(outcomesOf(flow, 'profile')).toEqual({ 'Not found': ['timeout'], 'Rate limited': ['201'] });
    expect(connectionsFrom(flow, 'profile').map((one) => one.port)).toContain('Not found');
  });

  it('keeps the most exact first, however they were written', () => {
    const back = toCondition(withOutcomes({ 'Not found': ['4xx', '500'], 'Rate limited': ['429', '5xx'] }), 'profile', catalogue)!;
    const again = made(toOutcomes(made(back), (back as { id: string }).id, catalogue));
    expect(outcomesOf(again, 'profile')).toEqual({ 'Not found': ['4xx', '500'], 'Rate limited': ['5xx', '429'] });
  });

  it('needs what no outcome names to lead somewhere', () => {
    const automatic = setErrorHandling(fresh, 'profile', 'Generic HTTP Error', 'automatic');
    expect(whyNot(toCondition(automatic, 'profile', catalogue))).toContain('Set “Generic HTTP Error” to Custom first');
    expect(toCondition(login, 'profile', catalogue)).toBeUndefined();
    expect(whyNot(toCondition(withOutcomes({ 'Not found': ['timeout'] }), 'profile', catalogue))).toContain('None of the outcomes');
  });

  it('lets an ignored error go on where success goes', () => {
    const ignoring = setErrorHandling(fresh, 'profile', 'Generic HTTP Error', 'ignore');
    const back = toCondition(ignoring, 'profile', catalogue)!;
    const flow = made(back);
    expect(connectionsFrom(flow, (back as { id: string }).id).find((one) => one.port === 'Else')!.target).toBe('user');
  });
});
