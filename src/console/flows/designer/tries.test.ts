import { describe, expect, it } from 'vitest';
import type { JsonObject, Step } from '../../api/types';
import { catalogue, login } from '../../test/login';
import { marksOf, walkOf } from '../../runs/walk';
import { callers, keptForm, noInputs, requestOf, runOf, sampleForm, sampleReply } from './tries';

const step = (activity: string, outcome?: string): Step => ({
  activity,
  type: '',
  startedAt: '',
  durationMs: 0,
  ...(outcome && { outcome }),
});

describe('a try', () => {
  const trace = [
    step('signIn'),
    step('signIn', 'submit'),
    step('lookup', 'Success'),
    { ...step('profile', 'Generic HTTP Error'), error: { code: 'http.status', message: '' } },
    step('byStatus', 'Not found'),
    step('userNotFound'),
  ];

  it('has a path in which a submitted screen stands once, and one that waits too', () => {
    expect(runOf({ status: 'waiting', trace }, login, catalogue).trace.map((one) => `${one.activity} ${one.outcome ?? ''}`)).toEqual([
      'signIn submit',
      'lookup Success',
      'profile Generic HTTP Error',
      'byStatus Not found',
      'userNotFound ',
    ]);
  });

  it('is drawn as a run is: what failed is red though the try went on', () => {
    const walk = walkOf({
      ...runOf({ status: 'waiting', screen: { id: 'user-not-found', title: '' }, trace }, login, catalogue),
      definition: login,
    });
    expect(Object.fromEntries(marksOf(walk))).toEqual({
      signIn: 'done',
      lookup: 'done',
      profile: 'error',
      byStatus: 'done',
      userNotFound: 'waiting',
    });
    expect(walk.taken.size).toBe(4);
    expect(walk.jumps).toEqual([]);
    // An error that leads back to a screen: it waits there.
    const back = walkOf({
      ...runOf({ status: 'waiting', screen: { id: 'sign-in', title: '' }, trace: trace.slice(0, 4) }, login, catalogue),
      definition: login,
    });
    expect(Object.fromEntries(marksOf(back))).toEqual({ signIn: 'waiting', lookup: 'done', profile: 'error' });
  });

  it('with scripted replies has one for each activity that calls something', () => {
    const items = callers(login, catalogue);
    expect(items.map((item) => item['id'])).toEqual(['lookup', 'profile']);
    expect(requestOf(login, { ...noInputs, mode: 'scripted', replies: { profile: '[{ "statusCode": 404 }]' } }, catalogue)).toEqual({
      request: { replies: { lookup: [{ rows: [{ id: 'id 1', tier: 'tier 1' }] }], profile: [{ statusCode: 404 }] } },
    });
    expect(sampleReply(items[1]!, catalogue)).toContain('200');
  });

  it('says what is wrong with what was entered', () => {
    expect(requestOf(login, { ...noInputs, mode: 'scripted', replies: { lookup: '{}' } }, catalogue)).toEqual({
      problem: 'The replies of lookup are not a JSON array.',
    });
    expect(requestOf(login, { ...noInputs, client: '[1]' }, catalogue)).toHaveProperty('problem');
    expect(requestOf(login, noInputs, catalogue)).toEqual({ request: {} });
    expect(requestOf({ ...login, inputs: { plan: { default: 'free' } } }, noInputs, catalogue)).toEqual({
      request: { client: { plan: 'free' } },
    });
  });

  it('knows what is secret, and what may have been entered before a screen', () => {
    const screen: JsonObject = {
      components: [
        { type: 'TextInput', name: 'pin', sensitive: true },
        { type: 'TextInput', name: 't' },
      ],
    };
    expect(keptForm(screen, { pin: '1', t: '2', other: '3' })).toEqual({ t: '2' });
    expect(keptForm(undefined, { t: '2' })).toEqual({});
    expect(sampleForm(login, undefined, catalogue)).toEqual({ email: 'ada@example.com' });
    expect(sampleForm(login, (login['screens'] as never[])[0], catalogue)).toEqual({});
  });
});
