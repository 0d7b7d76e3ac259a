import { describe, expect, it } from 'vitest';
import type { DrillRow, Step } from '../../api/types';
import { marksOf, walkOf } from '../../runs/walk';
import { catalogue, login } from '../../test/login';
import { byActivity, caseIn, pathOf, placeOf, sumOf, usualOfTry, wayOf, withSamples } from './whatIf';

const row = (activity: string, way: string, more: Partial<DrillRow> = {}): DrillRow => ({
  activity,
  way,
  from: 1,
  case: 'ada',
  verdict: 'fine',
  end: { kind: 'screen', activity: 'userNotFound', place: 'User Not Found', restarts: 0 },
  steps: [
    { activity: 'signIn', type: 'Screen', outcome: 'submit' },
    { activity: 'lookup', type: 'Database', outcome: 'Success' },
    { activity: 'profile', type: 'GenericHttp', outcome: 'Generic HTTP Error', code: 'http.status' },
    { activity: 'byStatus', type: 'Condition', outcome: 'Not found' },
    { activity: 'userNotFound', type: 'Screen' },
  ],
  ...more,
});

describe('what if', () => {
  it('draws a row as a run', () => {
    const walk = walkOf({ ...pathOf(row('profile', '404')), definition: login });

    expect(Object.fromEntries(marksOf(walk))).toEqual({
      signIn: 'done',
      lookup: 'done',
      profile: 'error',
      byStatus: 'done',
      userNotFound: 'waiting',
    });
    expect(walk.taken.size).toBe(4);
    expect(walk.jumps).toEqual([]);
  });

  it('says how a call ends, where the person is then, and what came of it all', () => {
    expect(wayOf(row('profile', 'timeout'))).toBe('timeout');
    expect(wayOf(row('profile', 'timeout', { from: 3 }))).toBe('timeout from call 3 on');
    expect(placeOf({ place: 'Sign in', restarts: 0 })).toBe('Sign in');
    expect(placeOf({ place: 'Sign in', restarts: 1 })).toBe('Sign in, restarted once');
    expect(placeOf({ place: 'failed: flow.step_limit', restarts: 500 })).toBe('failed: flow.step_limit, restarted 500 times');
    expect(sumOf({ asksNobody: true, rows: [] })).toBe('The flow asks nobody: nothing can fail.');
    expect(sumOf({ asksNobody: false, rows: [row('a', 'b')] })).toBe('1 way: nobody is signed in after a failed call');
    expect(sumOf({ asksNobody: false, rows: [row('a', 'b'), row('a', 'c', { verdict: 'failsOpen' })] })).toBe(
      '2 ways, 1 of them signed in after a failed call',
    );
    expect(byActivity([row('a', '1'), row('b', '1'), row('a', '2')]).map(([id, rows]) => [id, rows.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('takes of a case file what a drill needs', () => {
    expect(caseIn('{ "flow": "../login.flow.json", "answers": [], "replies": { "a": [] }, "expect": {} }')).toEqual({
      answers: [],
      replies: { a: [] },
    });
    expect(caseIn('{ "id": "login" }')).toBeUndefined();
    expect(caseIn('no json')).toBeUndefined();
  });

  it('makes a case of a try', () => {
    const step = (activity: string, type: string, output: Step['output']): Step => ({
      activity,
      type,
      startedAt: '',
      durationMs: 0,
      output,
    });
    const usual = usualOfTry(
      { tenant: 'acme' },
      [{ screen: 'sign-in', interaction: 'submit', form: { email: 'ada@example.com' } }],
      [
        step('signIn', 'Screen', { email: 'ada@example.com' }),
        {
          ...step('both', 'Parallel', undefined),
          children: [step('lookup', 'Database', { rows: [{ id: 1 }], first: { id: 1 }, rowCount: 1 })],
        },
        step('profile', 'GenericHttp', { error: { code: 'http.timeout' }, attempts: 1 }),
        step('profile', 'GenericHttp', { statusCode: 200, body: {}, attempts: 1, durationMs: 3 }),
      ],
      catalogue,
    );

    expect(usual).toEqual({
      client: { tenant: 'acme' },
      answers: [{ screen: 'sign-in', interaction: 'submit', form: { email: 'ada@example.com' } }],
      replies: { lookup: [{ rows: [{ id: 1 }] }], profile: [{ error: { code: 'http.timeout' } }, { statusCode: 200, body: {} }] },
    });
  });

  it('fills in samples for what was drawn since', () => {
    const { usual, samples } = withSamples({ replies: { 'sub/lookup': [] } }, login, catalogue);

    expect(samples).toEqual(['profile']);
    expect(usual.replies).toEqual({ 'sub/lookup': [], profile: [{ statusCode: 200, body: {}, headers: {} }] });
    expect(withSamples(usual, login, catalogue).samples).toEqual([]);
  });
});
