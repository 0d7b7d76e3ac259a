import { describe, expect, it } from 'vitest';
import type { JsonObject, Step } from '../api/types';
import { connectionId } from '../canvas/views';
import { changesOf } from './change';
import { entriesOf, marksOf, walkOf } from './walk';

const step = (activity: string, type: string, more: Partial<Step> = {}): Step => ({ activity, type, startedAt: '2030-01-01T00:00:00.000Z', durationMs: 1, ...more });
const error = { activity: 'profile', event: 'Generic HTTP Error', code: 'http.status', message: 'The API answered 500.' };

const login: JsonObject = {
  start: 'signIn',
  activities: [
    { id: 'signIn', type: 'Screen' }, { id: 'profile', type: 'GenericHttp', contextKey: 'p' }, { id: 'byStatus', type: 'Condition' },
    { id: 'again', type: 'Restart' }, { id: 'done', type: 'End' },
    { id: 'ask', type: 'Parallel', activities: [{ id: 'price', type: 'GenericHttp', contextKey: 'cost' }, { id: 'rate', type: 'Scriptlet' }] },
    { id: 'customer', type: 'Subflow', flow: 'customer' },
  ],
  connections: [
    { source: 'signIn', port: 'submit', target: 'profile' }, { source: 'profile', port: 'Success', target: 'done' },
    { source: 'profile', port: 'Generic HTTP Error', target: 'byStatus' }, { source: 'byStatus', port: 'Else', target: 'again' },
    { source: 'customer', port: 'Found', target: 'ask' }, { source: 'customer', port: 'None', target: 'done' }, { source: 'ask', port: 'Success', target: 'done' },
  ],
};

const broken = [
  step('signIn', 'Screen', { outcome: 'submit', output: { email: 'b' } }), step('profile', 'GenericHttp', { outcome: 'Generic HTTP Error', output: { statusCode: 500 }, error }),
  step('byStatus', 'Condition', { outcome: 'Else' }), step('again', 'Restart'), step('signIn', 'Screen'),
];
const quote = [
  step('customer', 'Subflow', { input: {} }), step('customer/find', 'Database', { outcome: 'Success', output: { rowCount: 1 } }), step('customer/end', 'End', { output: { name: 'Ada' } }),
  step('ask', 'Parallel', { outcome: 'Success', children: [step('price', 'GenericHttp', { output: { statusCode: 200 } }), step('rate', 'Scriptlet', { output: 3 })] }), step('done', 'End'),
];

describe('a walk', () => {
  it('does not go over deliveries of calls that were left behind', () => {
    const trace = [
      step('signIn', 'Screen', { outcome: 'submit' }), step('profile', 'GenericHttp', { outcome: 'Success', queued: true }), step('done', 'End'),
      step('profile', 'Delivery', { outcome: 'Not delivered', delivery: true, error }),
    ];
    const walk = walkOf({ status: 'completed', trace, definition: login });
    expect([...walk.visits]).toEqual([['signIn', ['1']], ['profile', ['2']], ['done', ['3']]]);
    expect(walk.jumps).toEqual([]);
    expect([...walk.failed]).toEqual(['profile']);
    expect(entriesOf(trace)).toHaveLength(4);
  });

  it('numbers the visits and lights the connections that were taken', () => {
    const walk = walkOf({ status: 'waiting', trace: broken, definition: login });
    expect([...walk.visits]).toEqual([['signIn', ['1', '5']], ['profile', ['2']], ['byStatus', ['3']], ['again', ['4']]]);
    expect([...walk.taken].map((key) => key.replace('\n', ' '))).toEqual(['signIn submit', 'profile Generic HTTP Error', 'byStatus Else']);
    expect(walk.current).toBe('signIn');
  });

  it('shows moves that no connection says', () => {
    expect(walkOf({ status: 'waiting', trace: broken, definition: login }).jumps).toEqual([{ source: 'again', target: 'signIn' }]);
    const automatic = [step('signIn', 'Screen', { outcome: 'submit' }), step('profile', 'GenericHttp', { error }), step('signIn', 'Screen')];
    expect(walkOf({ status: 'waiting', trace: automatic, definition: login }).jumps).toEqual([{ source: 'profile', target: 'signIn' }]);
  });

  it('marks where errors were, and where a run failed', () => {
    expect([...walkOf({ status: 'waiting', trace: broken, definition: login }).failed]).toEqual(['profile']);
    expect([...marksOf(walkOf({ status: 'waiting', trace: broken, definition: login }))]).toEqual([['signIn', 'waiting'], ['profile', 'error'], ['byStatus', 'done'], ['again', 'done']]);
    const cancelled = walkOf({ status: 'failed', trace: [step('signIn', 'Screen')], definition: login });
    expect([...cancelled.failed]).toEqual(['signIn']);
    expect(cancelled.current).toBeUndefined();
  });

  it('leaves a subflow by the connection to where it went on', () => {
    const walk = walkOf({ status: 'completed', trace: quote, definition: login });
    expect(walk.taken.has(connectionId('customer', 'Found'))).toBe(true);
    expect(walk.taken.has(connectionId('customer', 'None'))).toBe(false);
    expect(walk.visits.get('customer')).toEqual(['1']);
  });

  it('is nothing for a run without steps or flow', () => {
    expect(walkOf({ status: 'running', trace: [], definition: null })).toMatchObject({ current: undefined, jumps: [] });
  });
});

describe('entries', () => {
  it('nest subflows and the branches of a Parallel', () => {
    expect(entriesOf(quote).map((entry) => [entry.number, entry.depth, entry.activity, entry.name])).toEqual([
      ['1', 0, 'customer', 'customer'], ['2', 1, 'customer', 'find'], ['3', 1, 'customer', 'end'],
      ['4', 0, 'ask', 'ask'], ['4.1', 1, 'ask', 'price'], ['4.2', 1, 'ask', 'rate'], ['5', 0, 'done', 'done'],
    ]);
  });
});

describe('what a step changed in the context', () => {
  const changes = (trace: Step[], number: string) => {
    const entries = entriesOf(trace);
    return changesOf(entries.find((entry) => entry.number === number)!, entries, login);
  };

  it('is under the key of its activity', () => {
    expect(changes(broken, '1')).toEqual([{ at: ['form'], value: { email: 'b' } }]);
    expect(changes(broken, '2')).toEqual([{ at: ['connectors', 'p'], value: { statusCode: 500 } }, { at: ['error'], value: error }]);
    expect(changes(broken, '3')).toEqual([]);
  });

  it('is that of all branches for a Parallel', () => {
    expect(changes(quote, '4').map((change) => change.at.join('.'))).toEqual(['connectors.cost', 'scripts.rate']);
    expect(changes(quote, '4.2')).toEqual([{ at: ['scripts', 'rate'], value: 3 }]);
  });

  it('is what the End gave back for a subflow, and not known inside it', () => {
    expect(changes(quote, '1')).toEqual([{ at: ['scripts', 'customer'], value: { name: 'Ada' } }]);
    expect(changes(quote, '2')).toEqual([]);
  });
});
