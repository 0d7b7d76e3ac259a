import { describe, expect, it } from 'vitest';
import type { JsonObject, RunDetail, Step } from '../api/types';
import { connectionId } from '../graph/layout';
import { changesOf } from './change';
import { entriesOf, marksOf, stepsOf, walkOf } from './walk';

const step = (activity: string, type: string, more: Partial<Step> = {}): Step => ({
  activity,
  type,
  startedAt: '2030-01-01T00:00:00.000Z',
  durationMs: 1,
  ...more,
});
const error = { activity: 'profile', event: 'Generic HTTP Error', code: 'http.status', message: 'The API answered 500.' };

const login: JsonObject = {
  start: 'signIn',
  activities: [
    { id: 'signIn', type: 'Screen' },
    { id: 'profile', type: 'GenericHttp', contextKey: 'p' },
    { id: 'byStatus', type: 'Condition' },
    { id: 'again', type: 'Restart' },
    { id: 'done', type: 'End' },
    {
      id: 'ask',
      type: 'Parallel',
      activities: [
        { id: 'price', type: 'GenericHttp', contextKey: 'cost' },
        { id: 'rate', type: 'Scriptlet' },
      ],
    },
    { id: 'customer', type: 'Subflow', flow: 'customer' },
  ],
  connections: [
    { source: 'signIn', port: 'submit', target: 'profile' },
    { source: 'profile', port: 'Success', target: 'done' },
    { source: 'profile', port: 'Generic HTTP Error', target: 'byStatus' },
    { source: 'byStatus', port: 'Else', target: 'again' },
    { source: 'customer', port: 'Found', target: 'ask' },
    { source: 'customer', port: 'None', target: 'done' },
    { source: 'ask', port: 'Success', target: 'done' },
  ],
};

const broken = [
  step('signIn', 'Screen', { outcome: 'submit', output: { email: 'b' }, writes: ['form'] }),
  step('profile', 'GenericHttp', { outcome: 'Generic HTTP Error', output: { statusCode: 500 }, writes: ['connectors.p'], error }),
  step('byStatus', 'Condition', { outcome: 'Else' }),
  step('again', 'Restart'),
  step('signIn', 'Screen'),
];
const quote = [
  step('customer', 'Subflow', { input: {} }),
  step('customer/find', 'Database', { outcome: 'Success', output: { rowCount: 1 }, writes: ['connectors.find'] }),
  step('customer/end', 'End', { output: { name: 'Ada' }, writes: ['scripts.customer'] }),
  step('ask', 'Parallel', {
    outcome: 'Success',
    writes: ['connectors.cost', 'scripts.rate'],
    children: [
      step('price', 'GenericHttp', { output: { statusCode: 200 }, writes: ['connectors.cost'] }),
      step('rate', 'LoyaltyTier', { output: 3, writes: ['scripts.rate'] }),
    ],
  }),
  step('done', 'End'),
];

const walk = (run: Pick<RunDetail, 'status' | 'trace' | 'definition'> & Partial<RunDetail>) =>
  walkOf({ screen: null, updatedAt: '2030-01-01T00:00:09.000Z', ...run });

describe('a walk', () => {
  it('does not go over deliveries of calls that were left behind', () => {
    const trace = [
      step('signIn', 'Screen', { outcome: 'submit' }),
      step('profile', 'GenericHttp', { outcome: 'Success', queued: true }),
      step('done', 'End'),
      step('profile', 'Delivery', { outcome: 'Not delivered', delivery: true, error }),
    ];
    const found = walk({ status: 'completed', trace, definition: login });
    expect([...found.visits]).toEqual([
      ['signIn', ['1']],
      ['profile', ['2']],
      ['done', ['3']],
    ]);
    expect(found.jumps).toEqual([]);
    expect([...found.failed]).toEqual(['profile']);
    expect(entriesOf(trace)).toHaveLength(4);
  });

  it('numbers the visits and lights the connections that were taken', () => {
    const found = walk({ status: 'waiting', trace: broken, definition: login });
    expect([...found.visits]).toEqual([
      ['signIn', ['1', '5']],
      ['profile', ['2']],
      ['byStatus', ['3']],
      ['again', ['4']],
    ]);
    expect([...found.taken].map((key) => key.replace('\n', ' '))).toEqual(['signIn submit', 'profile Generic HTTP Error', 'byStatus Else']);
    expect(found.current).toBe('signIn');
  });

  it('shows moves that no connection says', () => {
    expect(walk({ status: 'waiting', trace: broken, definition: login }).jumps).toEqual([{ source: 'again', target: 'signIn' }]);
    const automatic = [
      step('signIn', 'Screen', { outcome: 'submit' }),
      step('profile', 'GenericHttp', { error }),
      step('signIn', 'Screen'),
    ];
    expect(walk({ status: 'waiting', trace: automatic, definition: login }).jumps).toEqual([{ source: 'profile', target: 'signIn' }]);
  });

  it('ends at the screen that an error led back to', () => {
    const trace = [step('signIn', 'Screen', { outcome: 'submit' }), step('profile', 'GenericHttp', { error })];
    const run = { status: 'waiting' as const, trace, definition: login, screen: { id: 'sign-in', title: 'Sign in', activity: 'signIn' } };
    const found = walk(run);
    expect(found.current).toBe('signIn');
    expect(found.jumps).toEqual([{ source: 'profile', target: 'signIn' }]);
    expect([...marksOf(found)]).toEqual([
      ['signIn', 'waiting'],
      ['profile', 'error'],
    ]);
    const steps = stepsOf({ ...run, updatedAt: '2030-01-01T00:00:09.000Z' });
    expect(steps.map((one) => one.activity)).toEqual(['signIn', 'profile', 'signIn']);
    // Where the last step showed the screen, and when it was left, nothing is added.
    expect(stepsOf({ ...run, trace: [...trace, step('signIn', 'Screen')], updatedAt: '' })).toHaveLength(3);
    expect(stepsOf({ ...run, status: 'cancelled', screen: null, updatedAt: '' })).toBe(trace);
  });

  it('marks where errors were, and where a run failed', () => {
    expect([...walk({ status: 'waiting', trace: broken, definition: login }).failed]).toEqual(['profile']);
    expect([...marksOf(walk({ status: 'waiting', trace: broken, definition: login }))]).toEqual([
      ['signIn', 'waiting'],
      ['profile', 'error'],
      ['byStatus', 'done'],
      ['again', 'done'],
    ]);
    const cancelled = walk({ status: 'failed', trace: [step('signIn', 'Screen')], definition: login });
    expect([...cancelled.failed]).toEqual(['signIn']);
    expect(cancelled.current).toBeUndefined();
  });

  it('leaves a subflow by the connection to where it went on', () => {
    const found = walk({ status: 'completed', trace: quote, definition: login });
    expect(found.taken.has(connectionId('customer', 'Found'))).toBe(true);
    expect(found.taken.has(connectionId('customer', 'None'))).toBe(false);
    expect(found.visits.get('customer')).toEqual(['1']);
  });

  it('is nothing for a run without steps or flow', () => {
    expect(walk({ status: 'running', trace: [], definition: null })).toMatchObject({ current: undefined, jumps: [] });
  });
});

describe('entries', () => {
  it('nest subflows and the branches of a Parallel', () => {
    expect(entriesOf(quote).map((entry) => [entry.number, entry.depth, entry.activity, entry.name])).toEqual([
      ['1', 0, 'customer', 'customer'],
      ['2', 1, 'customer', 'find'],
      ['3', 1, 'customer', 'end'],
      ['4', 0, 'ask', 'ask'],
      ['4.1', 1, 'ask', 'price'],
      ['4.2', 1, 'ask', 'rate'],
      ['5', 0, 'done', 'done'],
    ]);
  });
});

describe('what a step changed in the context', () => {
  const changes = (trace: Step[], number: string) => {
    const entries = entriesOf(trace);
    return changesOf(entries.find((entry) => entry.number === number)!, entries);
  };

  it('is where the step wrote it', () => {
    expect(changes(broken, '1')).toEqual([{ at: ['form'], value: { email: 'b' } }]);
    expect(changes(broken, '2')).toEqual([
      { at: ['connectors', 'p'], value: { statusCode: 500 } },
      { at: ['error'], value: error },
    ]);
    expect(changes(broken, '3')).toEqual([]);
  });

  it('is that of all branches for a Parallel', () => {
    expect(changes(quote, '4').map((change) => change.at.join('.'))).toEqual(['connectors.cost', 'scripts.rate']);
    expect(changes(quote, '4.2')).toEqual([{ at: ['scripts', 'rate'], value: 3 }]);
  });

  it('is said by the End of a subflow that hands it over', () => {
    expect(changes(quote, '1')).toEqual([]);
    expect(changes(quote, '2')).toEqual([{ at: ['connectors', 'find'], value: { rowCount: 1 } }]);
    expect(changes(quote, '3')).toEqual([{ at: ['scripts', 'customer'], value: { name: 'Ada' } }]);
  });

  it('is what the server says it wrote, whatever the type', () => {
    expect(changes([step('tier', 'LoyaltyTier', { output: 'gold', writes: ['scripts.tier'] })], '1')).toEqual([
      { at: ['scripts', 'tier'], value: 'gold' },
    ]);
    expect(changes([step('both', 'LoyaltyTier', { output: {}, writes: ['scripts.a', 'connectors.b'] })], '1')).toEqual([
      { at: ['scripts', 'a'], value: undefined },
      { at: ['connectors', 'b'], value: undefined },
    ]);
    expect(changes([step('none', 'GenericHttp', { output: { statusCode: 200 } })], '1')).toEqual([]);
  });
});
