import { describe, expect, it } from 'vitest';
import type { AuditEntry, Json } from '../api/types';
import { linkOf, sentenceOf, subjectOf } from './sentence';

const say = (action: string, subject: string, detail: Json = null): string => {
  const { verb, subject: of, rest = '' } = sentenceOf({ number: 1, at: '', actor: 'grace', action, subject, detail } satisfies AuditEntry);
  return ['grace', verb, of].filter(Boolean).join(' ') + rest;
};

describe('the audit log', () => {
  it.each<[string, string, Json, string]>([
    ['console.setup', 'user:grace', null, 'grace set up the console and became the first admin'],
    ['session.begin', 'user:grace', null, 'grace signed in'],
    ['user.add', 'user:ada', { role: 'viewer' }, 'grace added ada as viewer'],
    ['user.role', 'user:ada', { role: 'admin' }, 'grace changed the role of ada to admin'],
    ['user.password', 'user:ada', null, 'grace set a new password for ada'],
    ['user.password', 'user:grace', null, 'grace changed their password'],
    [
      'flow.publish',
      'flow:login',
      { version: 3, note: 'Asks for the name' },
      'grace published version 3 of the flow login: “Asks for the name”',
    ],
    ['flow.publish', 'flow:login', { version: 3, note: '' }, 'grace published version 3 of the flow login'],
    [
      'environment.apply',
      'environment:',
      { flows: ['a', 'b'], connectors: ['c'], deletedFlows: ['d'], deletedConnectors: [], note: 'commit 3f2a' },
      'grace applied a folder: 2 flows, 1 connector, 1 deleted: “commit 3f2a”',
    ],
    ['flow.restore', 'flow:login', { version: 4 }, 'grace published an old version again, as version 4 of the flow login'],
    ['flow.draft', 'flow:a:b', null, 'grace changed the draft of the flow a:b'],
    ['connector.save', 'connector:profile-api', null, 'grace changed the connector profile-api'],
    [
      'connector.save',
      'connector:profile-api',
      { changes: ['name', 'baseUrl', 'a', 'b', 'c'].map((setting) => ({ setting })) },
      'grace changed the connector profile-api: name, baseUrl, a, b and 1 more',
    ],
    ['connector.test', 'connector:profile-api', null, 'grace tested the connector profile-api'],
    ['user.remove', 'user:ada', null, 'grace removed ada'],
    ['key.rotate', 'key:k2', { now: true }, 'grace replaced the signing key at once, with k2'],
    ['key.rotate', 'key:k2', { now: false }, 'grace began to replace the signing key by k2'],
    ['key.revoke', 'key:k1', null, 'grace revoked the signing key k1'],
    ['keys.rotate_all', 'key:1', { x: 1 }, 'grace keys rotate all key:1'],
  ])('%s of %s reads well', (action, subject, detail, text) => expect(say(action, subject, detail)).toBe(text));

  it('leads to what an entry is about', () => {
    expect(linkOf('flow:login')).toBe('/flows/login');
    expect(linkOf('connector:a/b')).toBe('/connectors/a%2Fb');
    expect(linkOf('user:ada')).toBeUndefined();
    expect(subjectOf('plain')).toEqual({ kind: '', id: 'plain' });
  });
});
