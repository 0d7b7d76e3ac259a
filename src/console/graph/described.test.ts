import { describe, expect, it } from 'vitest';
import type { ActivityType, JsonObject } from '../api/types';
import { callers, replyHint, sampleReply } from '../flows/designer/tries';
import { catalogue, login, schema, types } from '../test/login';
import { blankFlow, newActivity } from './create';
import type { Activity } from './flow';
import { text } from './json';
import { contextRootOf, suggestionsAt } from './paths';
import { catalogueOf, endsOf, outcomesOf } from './ports';
import { summaryOf } from './summary';

const summary = (item: JsonObject) => summaryOf(login, item as Activity, catalogue);

describe('a summary', () => {
  it.each<[string, JsonObject, string]>([
    ['Screen', { screen: 'sign-in' }, 'Sign in'],
    ['Screen', { screen: 'nowhere' }, 'nowhere'],
    ['GenericHttp', { method: 'POST', endpoint: '/a' }, 'POST /a'],
    ['GenericHttp', {}, 'GET /'],
    ['Database', { query: 'select 1\n  from x', connector: 'db' }, 'select 1 from x'],
    ['Database', { query: '', statements: ['select 1', 'select 2'], connector: 'db' }, 'select 1, select 2'],
    ['Database', { connector: 'db' }, 'db'],
    ['Condition', { branches: [{}] }, '1 branch'],
    ['Condition', { branches: [{}, {}] }, '2 branches'],
    ['Condition', {}, '0 branches'],
    ['Scriptlet', { code: ' return\n 1;' }, 'return 1;'],
    ['SetUser', { user: { userId: '{{form.email}}' } }, '{{form.email}}'],
    ['SetUser', {}, ''],
    ['VerifyPassword', { hash: '{{x}}' }, '{{x}}'],
    ['CustomClaims', { claims: { a: 1, b: 2 } }, 'a, b'],
    ['Subflow', { flow: 'customer' }, 'customer'],
    ['Parallel', { activities: [{ id: 'a' }, { id: 'b' }] }, 'a, b'],
    ['ForEach', { items: '{{connectors.db.rows}}', activity: { id: 'call' } }, 'call for {{connectors.db.rows}}'],
    ['Restart', {}, 'Back to the start'],
    ['End', {}, 'Done'],
    ['End', { name: 'Out' }, 'Out'],
    ['End', { kind: 'refused' }, 'Refused'],
    ['End', { kind: 'refused', name: 'Out' }, 'Refused: Out'],
    ['Another', { description: 'Something else' }, 'Something else'],
  ])('of %s with %j is "%s"', (type, settings, said) => expect(summary({ id: 'x', type, ...settings })).toBe(said));
});

describe('a new activity', () => {
  it.each<[string, JsonObject]>([
    ['Condition', { branches: [{ outcome: 'Branch', rules: [{ key: '', operator: 'equal', value: '' }] }] }],
    ['SetUser', { user: { userId: '' } }],
    ['CustomClaims', { claims: {} }],
    ['Parallel', { activities: [] }],
    ['ForEach', { items: '', activity: {} }],
    ['Scriptlet', { code: 'return {};' }],
    ['VerifyPassword', { password: '', hash: '' }],
    ['GenericHttp', { connector: '' }],
    ['Database', { connector: '', query: '' }],
    ['Subflow', { flow: '' }],
    ['Restart', {}],
    ['End', {}],
  ])('%s begins with what its type says', (name, settings) => {
    const type = types.get(name)!;
    expect(newActivity({}, type, { catalogue }).activity).toEqual({ id: type.stem, type: name, ...settings });
  });

  it('a blank flow has one that asks and one that ends', () => {
    const flow = blankFlow('f', 'F', catalogue);
    expect(flow['activities']).toEqual([
      { id: 'start', type: 'Screen', screen: 'start' },
      { id: 'done', type: 'End' },
    ]);
    expect(endsOf(flow, catalogue)).toEqual(['Done']);
  });
});

it('of an activity that enters a flow the outcomes are the ends of that flow, where they are known', () => {
  const called = { id: 'c', type: 'Subflow', flow: 'customer' };
  const names = (ends: Map<string, string[]>) => outcomesOf(login, called, catalogueOf(schema, ends)).map((port) => port.name);
  expect(names(new Map([['customer', ['Found', 'Gone']]]))).toEqual(['Found', 'Gone']);
  expect(names(new Map([['customer', []]]))).toEqual(['Done']);
});

it('a reply to begin with is as its type describes one', () => {
  const [lookup, profile] = callers(login, catalogue);
  expect(replyHint(lookup!, catalogue)).toBe('{ "rows": [ {…} ] }');
  expect(replyHint(profile!, catalogue)).toBe('{ "statusCode", "body", "headers" }');
  expect(JSON.parse(sampleReply(profile!, catalogue))).toEqual([{ statusCode: 200, body: {}, headers: {} }]);
});

describe('statements of one transaction', () => {
  const lookup = {
    id: 'db',
    type: 'Database',
    statements: ['insert into t values (1) returning id', 'select name, tier as level from t where id = {{statements[0].first.id}}'],
  };

  it('have one answer each in a reply to begin with', () => {
    expect(replyHint(lookup, catalogue)).toBe('{ "statements": [ { "rows": [ {…} ] }, … ] }');
    expect(JSON.parse(sampleReply(lookup, catalogue))).toEqual([
      { statements: [{ rows: [{ id: 'id 1' }] }, { rows: [{ name: 'name 1', level: 'level 1' }] }] },
    ]);
    expect(JSON.parse(sampleReply({ ...lookup, statements: [], query: 'select id from t' }, catalogue))).toEqual([
      { rows: [{ id: 'id 1' }] },
    ]);
  });

  it('have their own paths behind them, and none of a query', () => {
    const flow = { activities: [lookup, { id: 'e', type: 'End' }], connections: [{ source: 'db', port: 'Success', target: 'e' }] };
    const paths = suggestionsAt(flow, 'e', catalogue).filter((one) => one.from === 'db');
    expect(paths.map((one) => one.path)).toEqual([
      'connectors.db.statements[0].first.id',
      'connectors.db.statements[1].first.name',
      'connectors.db.statements[1].first.level',
      'connectors.db.statements[0].rowCount',
      'connectors.db.statements[1].rowCount',
      'connectors.db.statements[0].affectedRows',
      'connectors.db.statements[1].affectedRows',
    ]);
  });
});

it('a call that uses answers again has an outcome for stale ones, which needs no connection, and paths of its own', () => {
  const call = { id: 'api', type: 'GenericHttp', connector: 'profile-api' };
  const paths = (item: Activity) =>
    suggestionsAt(
      { activities: [item, { id: 'e', type: 'End' }], connections: [{ source: 'api', port: 'Success', target: 'e' }] },
      'e',
      catalogue,
    ).map((one) => one.path);
  const cached = { ...call, cache: { ttl: 'PT5M', staleIfError: 'PT1H' } };
  expect(outcomesOf(login, call, catalogue)).toEqual([{ name: 'Success', kind: 'outcome' }]);
  expect(outcomesOf(login, cached, catalogue)).toContainEqual({ name: 'Stale', kind: 'else' });
  expect(paths(call)).not.toContain('connectors.api.stale');
  expect(paths(cached)).toContain('connectors.api.stale');
});

describe('a type of somebody else', () => {
  const gift: ActivityType = {
    ...types.get('Restart')!,
    type: 'Gift',
    outcomes: ['Sent'],
    optionalOutcomes: ['Sent'],
    errorEvents: ['Gift Failed'],
    clears: [],
    stem: 'gift',
    summary: '{amount} to {who}|to {who}',
    writes: [
      { path: 'scripts.{contextKey}.*', description: 'Of the gift', membersOf: 'extra' },
      { path: 'scripts.{contextKey}', description: 'The gift' },
    ],
    settings: [
      { name: 'who', kind: 'template', description: '', required: true },
      { name: 'amount', kind: 'integer', description: '', required: false },
      { name: 'contextKey', kind: 'text', description: '', required: false, editor: 'contextKey' },
      { name: 'extra', kind: 'jsonTemplate', description: '', required: false, initial: { note: '' } },
      { name: 'also', kind: 'object', description: '', required: false, outcomes: { from: 'given', name: 'Again' } },
    ],
  };
  const known = catalogueOf({ ...schema, activities: [...schema.activities, gift] });
  const item = { id: 'g', type: 'Gift', who: 'Ada', extra: { card: 'x' }, also: {} };
  const flow = { activities: [item, { id: 'e', type: 'End' }], connections: [{ source: 'g', port: 'Sent', target: 'e' }] };

  it('is drawn, summed up and made as it says of itself', () => {
    expect(outcomesOf(flow, item, known)).toEqual([
      { name: 'Sent', kind: 'else' },
      { name: 'Again', kind: 'outcome' },
    ]);
    expect(summaryOf(flow, item, known)).toBe('to Ada');
    expect(summaryOf(flow, { ...item, amount: 3 }, known)).toBe('3 to Ada');
    expect(newActivity({}, gift, { catalogue: known }).activity).toEqual({ id: 'gift', type: 'Gift', who: '', extra: { note: '' } });
  });

  it('what it writes is suggested behind it', () => {
    expect(contextRootOf(item, known)).toBe('scripts');
    const paths = suggestionsAt(flow, 'e', known).filter((one) => one.from === 'g');
    expect(paths.map((one) => `${one.path}: ${one.detail}`)).toEqual(['scripts.g.card: Of the gift', 'scripts.g: The gift']);
  });
});

it('every type has an icon that there is, and its sections are words', () => {
  for (const type of schema.activities) {
    expect(text(type.icon)).toMatch(/^[a-z-]+$/);
    expect(type.settings.map((setting) => setting.section ?? '')).toEqual(type.settings.map((setting) => (setting.section ?? '').trim()));
  }
});
