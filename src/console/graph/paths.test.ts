import { describe, expect, it } from 'vitest';
import type { Change, JsonObject } from '../api/types';
import { changeTotals, groupChanges, spokenPath } from './changes';
import { connect } from './edit';
import { byActivity, locate } from './problems';
import { contextKeys, returnedMembers, selectedColumns, suggestionsAt } from './paths';
import { catalogue, login } from '../test/login';

const at = (id: string | undefined, flow = login) => suggestionsAt(flow, id, catalogue).map((suggestion) => suggestion.path);

describe('paths known at an activity', () => {
  it('are those that activities before it wrote', () => {
    const paths = at('profile');
    expect(paths).toContain('form.email');
    expect(paths).toContain('connectors.db.first.id');
    expect(paths).toContain('connectors.db.first.tier');
    expect(paths).toContain('connectors.db.rowCount');
    expect(paths).toContain('device.ip');
    expect(paths).toContain('error.code');
  });

  it('the nearest come first', () => {
    const paths = at('byStatus');
    expect(paths[0]).toBe('connectors.profile.statusCode');
    expect(paths.indexOf('connectors.profile.statusCode')).toBeLessThan(paths.indexOf('connectors.db.first.id'));
    expect(paths.indexOf('form.email')).toBeLessThan(paths.indexOf('flow.id'));
  });

  it('what comes only after it is not among them', () => {
    const flow = { ...login, connections: (login['connections'] as JsonObject[]).filter((c) => c['target'] !== 'signIn') };
    expect(at('lookup', flow)).not.toContain('connectors.profile.statusCode');
    expect(at('lookup', flow)).toContain('form.email');
  });

  it('fields of screens that are not before it yet are there too, at the end and marked', () => {
    const flow = { ...login, connections: (login['connections'] as JsonObject[]).filter((c) => c['target'] !== 'lookup') };
    const found = suggestionsAt(flow, 'lookup', catalogue);
    expect(found.at(-1)).toMatchObject({ path: 'form.email', isLater: true });
    expect(suggestionsAt(login, 'lookup', catalogue).find((one) => one.path === 'form.email')!.isLater).toBeUndefined();
  });

  it('a loop brings what was written in the round before', () => {
    expect(at('lookup')).toContain('connectors.profile.statusCode');
  });

  it('what other templates read below a known root is there', () => {
    expect(at('user')).toContain('connectors.profile.headers.x-region');
  });

  it('what SetUser, CustomClaims, scriptlets, inputs and inner activities give is there', () => {
    const flow: JsonObject = {
      inputs: { 'order id': { type: 'string' }, plan: {} },
      activities: [
        { id: 'p', type: 'Parallel', activities: [{ id: 'inner', type: 'GenericHttp', contextKey: 'stock' }] },
        { id: 's', type: 'Scriptlet', code: 'const a = {x: 1};\nreturn { failed: f(1, {b: 2}), "left": 2, short };' },
        { id: 'u', type: 'SetUser', user: { userId: 'x', customAttributes: { tier: 'y' } } },
        { id: 'c', type: 'CustomClaims', claims: { region: 'z' } },
        { id: 'e', type: 'End' },
      ],
      connections: [],
    };
    let joined = flow;
    for (const [source, target] of [
      ['p', 's'],
      ['s', 'u'],
      ['u', 'c'],
      ['c', 'e'],
    ])
      joined = connect(joined, { source: source!, port: 'Success', target: target! });
    const paths = at('e', joined);
    for (const path of [
      'connectors.stock.body',
      'scripts.s.failed',
      'scripts.s.left',
      'scripts.s.short',
      'scripts.s',
      'user.customAttributes.tier',
      'claims.region',
      'client["order id"]',
      'client.plan',
    ])
      expect(paths).toContain(path);
    expect(contextKeys(joined, catalogue).map((key) => `${key.root}.${key.key}`)).toEqual(['connectors.stock', 'scripts.s']);
  });
});

it('what the items of a list gave stands where the one activity would write, and that has no place of its own', () => {
  const flow = connect(
    {
      activities: [
        { id: 'each', type: 'ForEach', items: '{{client.list}}', contextKey: 'calls', activity: { id: 'call', type: 'GenericHttp' } },
        {
          id: 'more',
          type: 'ForEach',
          items: '{{client.list}}',
          activity: { id: 'script', type: 'Scriptlet', code: 'return { a: item };' },
        },
        { id: 'e', type: 'End' },
      ],
      connections: [{ source: 'more', port: 'Success', target: 'e' }],
    },
    { source: 'each', port: 'Success', target: 'more' },
  );
  const paths = at('e', flow);
  for (const path of ['connectors.calls.results', 'connectors.calls.failed', 'scripts.more.count']) expect(paths).toContain(path);
  for (const path of ['scripts.calls.results', 'connectors.more.results', 'scripts.script', 'item', 'connectors.call.statusCode'])
    expect(paths).not.toContain(path);
  expect(at('each', flow)).toContain('item');
  expect(contextKeys(flow, catalogue).map((key) => `${key.root}.${key.key}`)).toEqual(['connectors.calls', 'scripts.more']);
});

describe('columns of a query', () => {
  it.each([
    ['select id, tier from users where email = {{form.email}}', ['id', 'tier']],
    ['select u.id, u.name as full_name, count(*) n, coalesce(a, b) from users u', ['id', 'full_name', 'n']],
    ['SELECT DISTINCT "Id", [Tier], `x` FROM t', ['Id', 'Tier', 'x']],
    ['select * from users', []],
    ['insert into t (a) values (1) returning id, created_at', ['id', 'created_at']],
    ["select 'a, b' as text, -- comment, here\n n from t", ['text', 'n']],
    ['', []],
  ])('%s', (sql, columns) => expect(selectedColumns(sql)).toEqual(columns));
});

it('members that a scriptlet returns', () => {
  expect(returnedMembers('return { failed: before + 1, left: 2 - before };')).toEqual(['failed', 'left']);
  expect(returnedMembers('return 1;')).toEqual([]);
});

describe('problems', () => {
  const problem = (pointer: string) => ({ pointer, code: 'flow.x', severity: 'error' as const, message: '', advice: '' });

  it('belong to an activity, a connection or a screen', () => {
    const [activity, setting, connection, component, flow] = locate(login, [
      problem('/activities/1'),
      problem('/activities/2/headers/x~1y'),
      problem('/connections/3/port'),
      problem('/screens/0/components/1/name'),
      problem('/start'),
    ]);
    expect(activity).toMatchObject({ activity: 'lookup', setting: '' });
    expect(setting).toMatchObject({ activity: 'profile', setting: '/headers/x~1y' });
    expect(connection).toMatchObject({ activity: 'profile', port: 'Generic HTTP Error' });
    expect(component).toMatchObject({ screen: 'sign-in', component: 1, setting: '/name' });
    expect(flow).toMatchObject({ setting: '/start' });
    expect([...byActivity(login, [activity!, component!], catalogue).keys()]).toEqual(['lookup', 'signIn']);
  });
});

describe('a diff in words', () => {
  const changes: Change[] = [
    { change: 'changed', kind: 'setting', id: 'lookup', setting: 'timeout', before: 5, after: 10 },
    { change: 'added', kind: 'activity', id: 'again', name: 'Again' },
    { change: 'changed', kind: 'connection', id: 'lookup', setting: 'Success', before: 'a', after: 'b' },
    { change: 'removed', kind: 'connection', id: 'again', setting: 'Done', before: 'b' },
    { change: 'changed', kind: 'screen', id: 'sign-in' },
    { change: 'added', kind: 'component', id: 'sign-in', setting: 'components[1]', after: { type: 'EmailInput', label: 'Email' } },
    { change: 'changed', kind: 'flow', id: 'login', setting: 'name', before: 'A', after: 'B' },
  ];

  it('stands by activity and screen', () => {
    const groups = groupChanges(changes);
    expect(groups.map((group) => `${group.kind} ${group.id} ${group.change}`)).toEqual([
      'flow  changed',
      'activity lookup changed',
      'activity again added',
      'screen sign-in changed',
    ]);
    expect(groups[1]!.lines.map((line) => line.sentence)).toEqual(['timeout is changed', 'Success leads to b instead of a']);
    expect(groups[1]!.lines[0]).toMatchObject({ before: '5', after: '10' });
    expect(groups[3]!.lines[0]!.sentence).toBe('EmailInput “Email” is added');
    expect(changeTotals(groups)).toBe('1 activity added, 1 activity changed, 1 screen changed, flow settings changed');
  });

  it('paths and components are said in words', () => {
    const [group] = groupChanges([
      { change: 'changed', kind: 'component', id: 's', setting: 'components[0].label', before: 'A', after: 'B' },
      { change: 'changed', kind: 'component', id: 's', setting: 'components[2].position', before: 1, after: 3 },
      { change: 'changed', kind: 'setting', of: 'screen', id: 's', setting: 'title', before: 'A', after: 'B' },
    ]);
    expect(group).toMatchObject({ kind: 'screen', id: 's' });
    expect(group!.lines.map((line) => line.sentence)).toEqual([
      'component 1, label is changed',
      'Component 1 moved to place 3',
      'title is changed',
    ]);
    expect(spokenPath('branches[0].rules[1].value')).toBe('branch 1, rule 2, value');
    expect(spokenPath('headers.x-user-tier')).toBe('headers.x-user-tier');
  });

  it('an activity with another id is one, and what follows it is no change', () => {
    const lookup = { id: 'lookup', type: 'Database', connector: 'users-db', contextKey: 'db', query: 'select 1' };
    const follow: Change[] = [
      { change: 'removed', kind: 'activity', id: 'lookup', before: lookup },
      { change: 'added', kind: 'activity', id: 'find', after: { ...lookup, id: 'find', query: 'select 2' } },
      { change: 'changed', kind: 'connection', id: 'signIn', setting: 'submit', before: 'lookup', after: 'find' },
      { change: 'removed', kind: 'connection', id: 'lookup', setting: 'Success', before: 'profile' },
      { change: 'added', kind: 'connection', id: 'find', setting: 'Success', after: 'profile' },
    ];
    const [group, ...others] = groupChanges(follow);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ id: 'find', change: 'changed' });
    expect(group!.lines.map((line) => line.sentence)).toEqual(['is called find instead of lookup', 'query is changed']);
    expect(changeTotals([group!])).toBe('1 activity changed');

    const same = groupChanges([
      follow[0]!,
      { ...follow[1]!, after: { ...lookup, id: 'find' } },
      { ...follow[4]!, after: 'done' },
      follow[3]!,
    ]);
    expect(same[0]!.lines.map((line) => line.sentence)).toEqual([
      'is called find instead of lookup',
      'Its settings are the same',
      'Success now leads to done',
    ]);
    const another = groupChanges([follow[0]!, { change: 'added', kind: 'activity', id: 'find', after: { id: 'find', type: 'End' } }]);
    expect(another.map((one) => one.change)).toEqual(['removed', 'added']);
  });

  it('branches read as rules', () => {
    const [group] = groupChanges([
      {
        change: 'changed',
        kind: 'setting',
        id: 'c',
        setting: 'branches',
        before: [],
        after: [{ outcome: 'Not found', rules: [{ key: 'a.b', operator: 'equal', value: 404 }] }],
      },
    ]);
    expect(group!.lines[0]!.after).toBe('Not found: a.b = 404');
  });
});
