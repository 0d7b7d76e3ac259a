import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../api/types';
import { catalogue, login } from '../test/login';
import { parsePath, pathAt, pathOf, type Segment } from './contextPath';
import { removeActivities } from './edit';
import { activity, positionOf, screen, startOf, targetOf } from './flow';
import { takenIds } from './ids';
import { orphans, othersWriting, rename, renameShared, usesOf, usesOfShared, type Named } from './names';
import { readingsOf, readsInScript, readsInTemplate, renameReads, replaceRead } from './reads';

const flowFile = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../flows/${name}.flow.json`, import.meta.url), 'utf8')) as JsonObject;
const replaced = (flow: JsonObject, ...pairs: [string, string][]) =>
  JSON.parse(pairs.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(flow))) as JsonObject;

describe('the grammar of a path', () => {
  // The server is tested with the same table.
  const table = JSON.parse(readFileSync(new URL('../../../tests/Shared/context-paths.json', import.meta.url), 'utf8')) as {
    text: string;
    segments: Segment[] | null;
  }[];

  it.each(table)('$text', ({ text, segments }) => {
    expect(parsePath(text) ?? null).toEqual(segments);
    if (segments) expect(parsePath(pathOf(segments))).toEqual(segments);
  });

  it('a path ends where what follows is none of it', () => {
    expect(pathAt('form.email ?? "x"', 0)!.segments).toEqual(['form', 'email']);
    expect(pathAt('x form["a b"].c | lower', 2)!.ends).toEqual([6, 13, 15]);
  });
});

describe('what is read', () => {
  it.each([
    ['{{form.email}} and {{ client["a }} b"] ?? "}} {{form.no}}" }}', ['form.email', 'client["a }} b"]']],
    ["\\{{form.email}} {{form.name | upper ?? 'x'}}", ['form.name']],
    ['{{form.email', []],
    ['form.email', []],
    ["select * from t where a = {{form.a}}\n and b = {{form['b']}}", ['form.a', 'form.b']],
  ])('in the template %s', (text, paths) => expect(readsInTemplate(text).map((read) => pathOf(read.segments))).toEqual(paths));

  it.each([
    ['connectors.db.first?.tier === "connectors.no" // connectors.comment', ['connectors.db.first.tier']],
    ['connectors?.db?.["first name"] > `x ${form.email} form.text`', ['connectors.db["first name"]', 'form.email']],
    ['x.connectors.db || /form.a"/.test(form["a"]) && {form: 1}.form', ['x.connectors.db', 'form.a']],
    ['client[name] + client.list[0].x / 2', ['client', 'name', 'client.list[0].x']],
    ['/* form.a */ form . email', ['form.email']],
  ])('in the script %s', (code, paths) => {
    const found = readsInScript(code).map((read) => pathOf(read.segments));
    for (const path of paths) expect(found).toContain(path);
    for (const path of ['connectors.no', 'connectors.comment', 'form.text', 'connectors.db'].filter((one) => !paths.includes(one)))
      expect(found).not.toContain(path);
  });

  it('in screens, connections and rules, with the place', () => {
    const found = readingsOf(login, catalogue).map(({ path, pointer }) => `${pointer} ${pathOf(path)}`);
    expect(found).toContain('/activities/1/query form.email');
    expect(found).toContain('/activities/2/headers/x-user-tier connectors.db.first.tier');
    expect(found).toContain('/activities/3/branches/0/rules/0/key connectors.profile.statusCode');
    expect(found).toContain('/screens/1/components/0/text form.email');
  });
});

const everywhere: JsonObject = {
  id: 'f',
  reference: '{{form.email}}',
  inputs: { email: { type: 'string' } },
  start: 'ask',
  activities: [
    { id: 'ask', type: 'Screen', screen: 'ask' },
    {
      id: 'lookup',
      type: 'Database',
      connector: 'c',
      contextKey: 'db',
      query: 'select id from t where a = {{form.email}} and b = {{client.email}}',
      limit: { key: '{{form.email}}' },
    },
    {
      id: 'call',
      type: 'GenericHttp',
      connector: 'c',
      endpoint: '/{{connectors.db.first.id}}',
      headers: { a: '{{connectors["db"].rowCount ?? "connectors.db"}}' },
      body: { deep: [{ x: 'y {{connectors.db.first.id}}' }] },
    },
    {
      id: 'check',
      type: 'Condition',
      branches: [
        {
          outcome: 'Known',
          rules: [
            { key: 'connectors.db.first.id', operator: 'equal', value: '{{form.email}}' },
            {
              match: 'any',
              rules: [
                { script: 'connectors.db?.rowCount > 0 && form["email"] !== "form.email" && connectors?.db' },
                { key: 'error.activity', operator: 'equal', value: 'lookup' },
              ],
            },
          ],
        },
      ],
    },
    {
      id: 'script',
      type: 'Scriptlet',
      arguments: { mail: '{{form.email}}', text: 'form.email' },
      code: 'return { form: mail, db: connectors.db };',
    },
    { id: 'both', type: 'Parallel', activities: [{ id: 'inner', type: 'GenericHttp', connector: 'c', endpoint: '/{{form.email}}' }] },
    {
      id: 'done',
      type: 'End',
      name: 'form.email',
      outputs: {
        key: 'connectors.db',
        mail: '{{form.email}}',
        one: '{{connectors.inner.statusCode}}',
        other: '{{connectors.dbs.x}} {{connectors.call.body.form.email}}',
      },
    },
  ],
  connections: [
    { source: 'check', port: 'Known', target: 'done', message: 'Hello {{form.email}}' },
    { source: 'check', port: 'Else', target: 'ask' },
  ],
  screens: [
    {
      id: 'ask',
      title: 'Hi {{form.email}}',
      components: [
        { type: 'EmailInput', name: 'email', default: '{{client.email}}' },
        { type: 'Text', text: 'We know {{form.email}}.' },
      ],
    },
  ],
  locales: { de: { 'We know {{form.email}}.': 'Wir kennen {{form.email}}.', 'form.email': 'x' } },
  designer: { lookup: { x: 1, y: 2 } },
};

describe('renaming', () => {
  it('a field changes every use of it, and nothing else', () => {
    const flow = rename(everywhere, { kind: 'field', screen: 'ask', name: 'email' }, 'mail', catalogue);
    expect(flow).toEqual(
      replaced(everywhere, ['{{form.email', '{{form.mail'], ['form[\\"email\\"]', 'form.mail'], ['"name":"email"', '"name":"mail"']),
    );
    expect(usesOf(flow, [['form', 'email']], catalogue)).toEqual([]);
    expect(rename(flow, { kind: 'field', screen: 'ask', name: 'mail' }, 'email', catalogue)).toEqual(
      replaced(everywhere, ['form[\\"email\\"]', 'form.email']),
    );
  });

  it('a field with an odd name stands in brackets', () => {
    const flow = rename(everywhere, { kind: 'field', screen: 'ask', name: 'email' }, 'e mail', catalogue);
    expect(activity(flow, 'script')!['arguments']).toEqual({ mail: '{{form["e mail"]}}', text: 'form.email' });
    expect(JSON.stringify(flow)).toContain('form[\\"e mail\\"] !== \\"form.email\\"');
  });

  it('a context key changes templates, keys, scripts, arguments and messages', () => {
    const flow = rename(everywhere, { kind: 'contextKey', activity: 'lookup' }, 'people', catalogue);
    expect(flow).toEqual(
      replaced(
        everywhere,
        ['"contextKey":"db"', '"contextKey":"people"'],
        ['{{connectors.db.', '{{connectors.people.'],
        ['{{connectors[\\"db\\"].', '{{connectors.people.'],
        ['"key":"connectors.db.first', '"key":"connectors.people.first'],
        ['connectors.db?.rowCount', 'connectors.people?.rowCount'],
        ['connectors?.db"', 'connectors?.people"'],
      ),
    );
  });

  it('an activity changes connections, start, place, its inner name, what asks for its errors, and paths to its results', () => {
    const named = (id: string): Named => ({ kind: 'activity', id });
    const flow = rename(rename(everywhere, named('lookup'), 'find', catalogue), named('check'), 'decide', catalogue);
    expect(flow).toEqual(
      replaced(
        everywhere,
        ['"id":"lookup"', '"id":"find"'],
        ['"value":"lookup"', '"value":"find"'],
        ['{"lookup":', '{"find":'],
        ['"id":"check"', '"id":"decide"'],
        ['"source":"check"', '"source":"decide"'],
      ),
    );
    expect(positionOf(flow, 'find')).toEqual({ x: 1, y: 2 });
    expect(startOf(rename(everywhere, named('ask'), 'begin', catalogue))).toBe('begin');
    expect(targetOf(rename(login, named('lookup'), 'find', catalogue), 'signIn', 'submit')).toBe('find');
    const inner = rename(everywhere, named('inner'), 'within', catalogue);
    expect(inner).toEqual(replaced(everywhere, ['"id":"inner"', '"id":"within"'], ['connectors.inner', 'connectors.within']));
    expect(rename(everywhere, named('call'), 'ring', catalogue)).toEqual(
      replaced(everywhere, ['"id":"call"', '"id":"ring"'], ['connectors.call', 'connectors.ring']),
    );
  });

  it('an input, an outcome and a claim', () => {
    const flow = rename(everywhere, { kind: 'input', name: 'email' }, 'mail', catalogue);
    expect(flow).toEqual(replaced(everywhere, ['"inputs":{"email"', '"inputs":{"mail"'], ['{{client.email}}', '{{client.mail}}']));
    const outcome = rename(everywhere, { kind: 'outcome', activity: 'check', name: 'Known' }, 'Found', catalogue);
    expect(outcome).toEqual(replaced(everywhere, ['"outcome":"Known"', '"outcome":"Found"'], ['"port":"Known"', '"port":"Found"']));
    expect(renameReads({ a: '{{claims.region}} {{claims.regions}}' }, ['claims', 'region'], 'area')).toEqual({
      a: '{{claims.area}} {{claims.regions}}',
    });
  });

  it('what several write is renamed for all, or for one while the reads stay', () => {
    const password = flowFile('password');
    const field: Named = { kind: 'field', screen: 'sign-in', name: 'email' };
    expect(othersWriting(password, field, catalogue)).toEqual(['retry']);
    const all = rename(password, field, 'address', catalogue);
    expect(all).toEqual(replaced(password, ['form.email', 'form.address'], ['"name":"email"', '"name":"address"']));
    const one = rename(password, field, 'address', catalogue, false);
    expect(screen(one, 'sign-in')).toEqual(screen(all, 'sign-in'));
    expect(one['activities']).toBe(password['activities']);

    const twice: JsonObject = {
      activities: [
        { id: 'a', type: 'Database', contextKey: 'k' },
        { id: 'k', type: 'Database' },
        { id: 'e', type: 'End', outputs: { x: '{{connectors.k.rows}}' } },
      ],
    };
    expect(othersWriting(twice, { kind: 'contextKey', activity: 'a' }, catalogue)).toEqual(['k']);
    expect(rename(twice, { kind: 'contextKey', activity: 'a' }, 'z', catalogue)['activities']).toMatchObject([
      { contextKey: 'z' },
      { id: 'k', contextKey: 'z' },
      { outputs: { x: '{{connectors.z.rows}}' } },
    ]);
    expect(rename(twice, { kind: 'contextKey', activity: 'a' }, 'z', catalogue, false)['activities']).toMatchObject([
      { contextKey: 'z' },
      { id: 'k' },
      { outputs: { x: '{{connectors.k.rows}}' } },
    ]);
  });

  it('the activity that is done for each item', () => {
    const flow: JsonObject = {
      activities: [
        {
          id: 'each',
          type: 'ForEach',
          items: '{{client.list}}',
          activity: { id: 'sub', type: 'Subflow', flow: 'f', inputs: { x: '{{item}}' } },
        },
        { id: 'e', type: 'End', outputs: { x: '{{scripts.each.results}}' } },
      ],
    };
    expect(takenIds(flow)).toEqual(new Set(['each', 'e', 'sub']));
    expect(rename(flow, { kind: 'activity', id: 'sub' }, 'one', catalogue)).toEqual(replaced(flow, ['"id":"sub"', '"id":"one"']));
    expect(rename(flow, { kind: 'activity', id: 'each' }, 'all', catalogue)).toEqual(
      replaced(flow, ['"id":"each"', '"id":"all"'], ['scripts.each', 'scripts.all']),
    );
    expect(rename(flow, { kind: 'input', name: 'list' }, 'many', catalogue)).toEqual(replaced(flow, ['client.list', 'client.many']));
  });

  it('what does not change is shared', () => {
    const flow = rename(login, { kind: 'contextKey', activity: 'profile' }, 'account', catalogue);
    expect(activity(flow, 'lookup')).toBe(activity(login, 'lookup'));
    expect(flow['screens']).toBe(login['screens']);
  });
});

describe('between flows', () => {
  const caller: JsonObject = {
    id: 'parent',
    activities: [
      { id: 'who', type: 'Subflow', flow: 'customer', contextKey: 'person', inputs: { email: '{{client.email}}' } },
      { id: 'again', type: 'Parallel', activities: [{ id: 'other', type: 'Subflow', flow: 'customer', inputs: { email: 'x' } }] },
      { id: 'else', type: 'Subflow', flow: 'another', inputs: { email: 'x' } },
      {
        id: 'end',
        type: 'End',
        outputs: { id: '{{scripts.person.tier}}', two: '{{scripts.other["tier"]}}', three: '{{scripts.else.tier}}' },
      },
    ],
    connections: [
      { source: 'who', port: 'Known', target: 'end' },
      { source: 'else', port: 'Known', target: 'end' },
    ],
  };

  it('an input, an output and an End follow where the flow is called, and only there', () => {
    const input = { kind: 'input', name: 'email' } as const;
    expect(usesOfShared(caller, 'customer', input, catalogue).map((use) => use.activity)).toEqual(['who', 'other']);
    expect(renameShared(caller, 'customer', input, 'mail', catalogue)['activities']).toMatchObject([
      { inputs: { mail: '{{client.email}}' } },
      { activities: [{ inputs: { mail: 'x' } }] },
      { inputs: { email: 'x' } },
      {},
    ]);

    const output = { kind: 'output', name: 'tier' } as const;
    expect(usesOfShared(caller, 'customer', output, catalogue).map((use) => use.path)).toEqual([
      'scripts.person.tier',
      'scripts.other.tier',
    ]);
    expect(activity(renameShared(caller, 'customer', output, 'level', catalogue), 'end')!['outputs']).toEqual({
      id: '{{scripts.person.level}}',
      two: '{{scripts.other.level}}',
      three: '{{scripts.else.tier}}',
    });

    const end = { kind: 'end', name: 'Known' } as const;
    expect(usesOfShared(caller, 'customer', end, catalogue)).toMatchObject([{ activity: 'who', port: 'Known' }]);
    expect(renameShared(caller, 'customer', end, 'Found', catalogue)['connections']).toEqual([
      { source: 'who', port: 'Found', target: 'end' },
      { source: 'else', port: 'Known', target: 'end' },
    ]);
  });

  it('a flow that does not call it stays the same', () => {
    for (const shared of [
      { kind: 'input', name: 'email' },
      { kind: 'output', name: 'tier' },
      { kind: 'end', name: 'Known' },
    ] as const) {
      expect(renameShared(login, 'customer', shared, 'x', catalogue)).toBe(login);
      expect(usesOfShared(login, 'customer', shared, catalogue)).toEqual([]);
    }
  });
});

describe('taking away', () => {
  it('tells what reads what nothing writes then', () => {
    const uses = orphans(login, removeActivities(login, ['lookup']), catalogue);
    expect(uses.map((use) => `${use.activity} ${use.setting} ${use.path}`)).toEqual([
      'profile /endpoint connectors.db.first.id',
      'profile /headers/x-user-tier connectors.db.first.tier',
      'user /user/userId connectors.db.first.id',
    ]);
    expect(orphans(login, removeActivities(login, ['lookup', 'profile', 'user', 'byStatus', 'claims']), catalogue)).toEqual([]);
    expect(orphans(login, removeActivities(login, ['done']), catalogue)).toEqual([]);
  });

  it('what another one writes too is not missed', () => {
    const password = flowFile('password');
    const without = { ...password, screens: (password['screens'] as JsonObject[]).filter((item) => item['id'] !== 'retry') };
    expect(orphans(password, without, catalogue)).toEqual([]);
    const none = { ...password, screens: [] };
    expect(orphans(password, none, catalogue).map((use) => use.path)).toContain('form.password');
  });
});

it('one path is put in the place of another in one text', () => {
  const flow = replaceRead(
    login,
    '/activities/2/endpoint',
    ['connectors', 'db', 'first', 'id'],
    ['connectors', 'db', 'first', 'user id'],
    catalogue,
  );
  expect(activity(flow, 'profile')!['endpoint']).toBe('/users/{{connectors.db.first["user id"]}}');
  expect(activity(flow, 'user')).toBe(activity(login, 'user'));
});
