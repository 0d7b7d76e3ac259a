import { describe, expect, it } from 'vitest';
import type { Json, Setting } from '../api/types';
import { pathOf } from '../graph/contextPath';
import { countOf, problemsAt, problemsWithin, unplaced } from './diagnostics';
import { jsonOfText, jsonProblem, losesDigits, textOfJson } from './jsonText';
import { sameJson, withMember } from '../graph/json';
import { isWithin, pointerTo, segmentsOf } from '../graph/pointer';
import { moved, objectOf, rowProblem, rowsOf, ruleObjectOf, ruleRowsOf } from './rows';
import { readSecret, writeSecret } from './secret';
import {
  change,
  choiceLabelOf,
  conditionsOf,
  counts,
  labelOf,
  limitsOf,
  numberOf,
  numberProblem,
  placeholderOf,
  sectionsOf,
  toWrite,
  unknownMembers,
} from './settings';
import { complete, matching, openPlace } from './templateText';

const setting = (name: string, more: Partial<Setting> = {}): Setting => ({ name, kind: 'text', description: '', required: false, ...more });

describe('pointers', () => {
  it.each([
    ['', ['a', 0, 'b'], '/a/0/b'],
    ['/x', ['a/b~c'], '/x/a~1b~0c'],
    ['/x', [''], '/x/'],
  ] as const)('%s + %j is %s, and comes apart again', (base, segments, expected) => {
    const pointer = pointerTo(base, ...segments);
    expect(pointer).toBe(expected);
    expect(segmentsOf(pointer)).toEqual([...segmentsOf(base), ...segments.map(String)]);
  });

  it('are within each other by whole segments', () => {
    expect(isWithin('/a/b', '/a')).toBe(true);
    expect(isWithin('/a', '/a')).toBe(true);
    expect(isWithin('/ab', '/a')).toBe(false);
  });

  it('change one member and keep the order of the others', () => {
    expect(Object.keys(withMember({ a: 1, b: 2, c: 3 }, 'b', 9))).toEqual(['a', 'b', 'c']);
    expect(withMember({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
  });

  it.each<[Json, Json, boolean]>([
    [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1, c: 2 }, false],
    [[], {}, false],
    [null, {}, false],
    ['1', 1, false],
  ])('%j and %j are the same: %s', (left, right, expected) => expect(sameJson(left, right)).toBe(expected));
});

describe('settings', () => {
  it.each<[Partial<Setting>, Json | undefined, Json | undefined]>([
    [{ default: 10 }, 10, undefined],
    [{ default: 10 }, 11, 11],
    [{ default: false }, false, undefined],
    [{ default: true }, false, false],
    [{}, '', undefined],
    [{ required: true, default: 'postgres' }, 'postgres', 'postgres'],
    [{ default: ['2xx'] }, ['2xx'], undefined],
    [{ default: ['2xx'] }, [], []],
    [{}, 0, 0],
  ])('%j writes %j as %j', (more, value, expected) => expect(toWrite(setting('x', more), value)).toEqual(expected));

  it.each<[string, 'integer' | 'number', number | string | undefined]>([
    ['12', 'integer', 12],
    [' 12 ', 'integer', 12],
    ['1.5', 'integer', '1.5'],
    ['1.5', 'number', 1.5],
    ['1.', 'number', 1],
    ['1,000', 'number', '1,000'],
    ['0x10', 'number', '0x10'],
    ['1e3', 'number', 1000],
    ['1e999', 'number', '1e999'],
    ['-', 'integer', '-'],
    ['', 'integer', undefined],
  ])('the text "%s" of an %s is %j', (text, kind, expected) => expect(numberOf(text, kind)).toBe(expected));

  it('says the limits of a number, and when they are not kept', () => {
    const timeout = setting('timeout', { kind: 'integer', minimum: 1, maximum: 60, unit: 'seconds' });
    expect(limitsOf(timeout)).toBe('1 to 60 seconds');
    expect(limitsOf(setting('x', { maximum: 10_000, unit: 'rows' }))).toBe('at most 10,000 rows');
    expect(limitsOf(setting('port', { minimum: 1, maximum: 65_535 }))).toBe('1 to 65535');
    expect(limitsOf(setting('x', { minimum: 1, unit: 'rows' }))).toBe('at least 1 rows');
    expect(numberProblem(timeout, 0)).toBe('Use 1 to 60 seconds.');
    expect(numberProblem(timeout, 'ten')).toBe('Write a whole number.');
    expect(numberProblem(timeout, 60)).toBeUndefined();
    expect(numberProblem(timeout, undefined)).toBeUndefined();
  });

  it.each([
    ['baseUrl', 'Base URL'],
    ['hmacKey', 'HMAC key'],
    ['contextKey', 'Context key'],
    ['bodyType', 'Body type'],
    ['successStatusCodes', 'Success status codes'],
    ['connector', 'Connector'],
  ])('%s is called %s', (name, label) => expect(labelOf(name)).toBe(label));

  it('is called what its type calls it', () =>
    expect(labelOf(setting('insecure', { label: 'Trust any certificate' }))).toBe('Trust any certificate'));

  it('names choices, and leaves those in capitals alone', () => {
    expect(choiceLabelOf('GET')).toBe('GET');
    expect(choiceLabelOf('acme', { options: [{ value: 'acme', label: 'Acme stamp', description: '' }] })).toBe('Acme stamp');
    expect(choiceLabelOf('verifyFull')).toBe('Verify authority and host name');
    expect(choiceLabelOf('auto')).toBe('Auto');
  });

  it('says a default where nothing is entered', () => {
    expect(placeholderOf(setting('x', { default: ['429', '5xx'] }))).toBe('default 429, 5xx');
    expect(placeholderOf(setting('x', { default: 10, unit: 'seconds' }))).toBe('default 10');
    expect(placeholderOf(setting('x'))).toBeUndefined();
  });

  const authentication = [
    setting('method', { choices: ['none', 'bearerToken', 'basic'], default: 'none' }),
    setting('bearerToken', { kind: 'secret' }),
    setting('basic', { kind: 'object', definition: 'basic' }),
  ];

  it('count only where the chosen variant needs them', () => {
    const conditions = conditionsOf(authentication);
    expect(counts('basic', authentication, conditions, {})).toBe(false);
    expect(counts('basic', authentication, conditions, { method: 'basic' })).toBe(true);
    expect(counts('method', authentication, conditions, {})).toBe(true);
  });

  it('are kept aside while another variant is chosen, and come back with it', () => {
    const conditions = conditionsOf(authentication);
    const aside = new Map<string, Json>();
    const entered = { method: 'basic', basic: { username: 'ada' }, other: 1 };
    const switched = change(entered, 'method', 'bearerToken', authentication, conditions, aside);
    expect(switched).toEqual({ method: 'bearerToken', other: 1 });
    expect(change(switched, 'method', 'basic', authentication, conditions, aside)).toEqual({
      method: 'basic',
      other: 1,
      basic: { username: 'ada' },
    });
  });

  it('that were stored beside another variant are not touched by other changes', () => {
    const conditions = conditionsOf(authentication);
    const stored = { method: 'basic', basic: {}, bearerToken: '***' };
    expect(change(stored, 'basic', { username: 'x' }, authentication, conditions, new Map())).toEqual({
      ...stored,
      basic: { username: 'x' },
    });
  });

  it('follow the conditions that they say', () => {
    const settings = [
      setting('engine', { choices: ['postgres', 'sqlite'], required: true, default: 'postgres' }),
      setting('host', { when: { setting: 'engine', is: ['postgres'] } }),
      setting('file', { when: { setting: 'engine', is: ['sqlite'] } }),
    ];
    const conditions = conditionsOf(settings);
    const aside = new Map<string, Json>();
    const sqlite = change({ engine: 'postgres', host: 'db' }, 'engine', 'sqlite', settings, conditions, aside);
    expect(sqlite).toEqual({ engine: 'sqlite' });
    expect(change({ ...sqlite, file: 'x.db' }, 'engine', 'postgres', settings, conditions, aside)).toEqual({
      engine: 'postgres',
      host: 'db',
    });
  });

  it('that say no section come last, so that none is lost', () => {
    const settings = [
      setting('a', { section: 'First' }),
      setting('b'),
      setting('c', { section: 'Then', folded: true }),
      setting('d', { section: 'First' }),
    ];
    expect(sectionsOf(settings)!.map(({ title, folded, settings: some }) => [title, folded, some.map(({ name }) => name)])).toEqual([
      ['First', false, ['a', 'd']],
      ['Then', true, ['c']],
      ['More', false, ['b']],
    ]);
    expect(sectionsOf([setting('a')])).toBeUndefined();
    expect(unknownMembers({ a: 1, z: 2 }, settings)).toEqual(['z']);
  });
});

describe('diagnostics', () => {
  const at = (pointer: string, severity: 'error' | 'warning' = 'error') => ({
    pointer,
    severity,
    code: 'x',
    message: `At ${pointer}.`,
    advice: '',
  });
  const all = [at('/configuration/baseUrl'), at('/configuration/headers/0/key', 'warning'), at('/configuration/baseUrlX'), at('')];

  it('stand at their place', () => {
    expect(problemsAt(all, '/configuration/baseUrl').map(({ message }) => message)).toEqual(['At /configuration/baseUrl.']);
    expect(problemsWithin(all, '/configuration/headers')).toHaveLength(1);
    expect(problemsWithin(all, '/configuration')).toHaveLength(3);
  });

  it('that have no place are found', () => {
    expect(unplaced(all, ['/configuration/baseUrl', '/configuration/headers/*']).map(({ pointer }) => pointer)).toEqual([
      '/configuration/baseUrlX',
      '',
    ]);
  });

  it('are counted in words', () => {
    expect(countOf(all)).toBe('3 errors, 1 warning');
    expect(countOf([at('')])).toBe('1 error');
    expect(countOf([])).toBe('');
  });
});

describe('secrets', () => {
  it.each<[Json | undefined, object]>([
    [undefined, { is: 'unset' }],
    ['***', { is: 'stored' }],
    ['env:NAME', { is: 'entered', source: 'env', text: 'NAME' }],
    ['file:/run/x', { is: 'entered', source: 'file', text: '/run/x' }],
    ['s3cret', { is: 'entered', source: 'literal', text: 's3cret' }],
  ])('%j reads as %j', (value, expected) => expect(readSecret(value)).toEqual(expected));

  it('are written as they are read', () => {
    expect(writeSecret('env', 'NAME')).toBe('env:NAME');
    expect(writeSecret('literal', 'x')).toBe('x');
  });
});

describe('JSON as text', () => {
  it.each<[Json]>([
    ['text'],
    ['{{form.email}}'],
    ['12'],
    ['true'],
    ['null'],
    [''],
    [' '],
    [12],
    [true],
    [null],
    [{ a: ['{{x}}'] }],
    [[]],
    ['{"a": {{x}} }'],
    ['"quoted"'],
  ])('%j survives being edited', (value) => {
    expect(jsonOfText(textOfJson(value))).toEqual(value);
  });

  it.each<[string, boolean]>([
    ['{"a":12345678901234567890}', true],
    ['[0.1234567890123456789]', true],
    ['{"a":"12345678901234567890"}', false],
    ['{"a\\"1":9007199254740992,"b":-1.5e10,"c":100000000000000000000}', false],
  ])('knows that %s loses digits: %s', (text, expected) => expect(losesDigits(text)).toBe(expected));

  it('is nothing where it is empty', () => expect(jsonOfText('  ')).toBeUndefined());

  it('says what is no JSON, but lets templates be', () => {
    expect(jsonProblem('{"a": }')).toMatch(/not JSON/);
    expect(jsonProblem('{"a": {{x}} }')).toBeUndefined();
    expect(jsonProblem('plain')).toBeUndefined();
    expect(jsonProblem('[1]')).toBeUndefined();
  });
});

describe('rows', () => {
  it('values that may be rules are texts where a rule says nothing', () => {
    const object = { 'x-a': 'text', 'x-b': { value: '{{client.b}}', whenMissing: 'omit' }, 'x-c': { value: 'c' }, 'x-d': 7 };
    const rows = ruleRowsOf(object, 'value');
    expect(rows).toEqual([
      { name: 'x-a', value: 'text', rule: {} },
      { name: 'x-b', value: '{{client.b}}', rule: { whenMissing: 'omit' } },
      { name: 'x-c', value: 'c', rule: {} },
      { name: 'x-d', value: '7', rule: {} },
    ]);
    expect(ruleObjectOf(rows, 'value')).toEqual({ 'x-a': 'text', 'x-b': object['x-b'], 'x-c': 'c', 'x-d': '7' });
    expect(ruleObjectOf([{ name: ' ', value: 'x', rule: {} }], 'value')).toBeUndefined();
    expect(ruleObjectOf([...rows.slice(0, 1), { name: 'x-a', value: 'later', rule: { encode: 'ascii' } }], 'value')).toEqual({
      'x-a': 'text',
    });
  });

  it('are an object and back', () => {
    const object = { 'x-tier': '{{connectors.db.first.tier}}', count: 3 };
    expect(rowsOf(object)).toEqual([
      { name: 'x-tier', value: '{{connectors.db.first.tier}}' },
      { name: 'count', value: '3' },
    ]);
    expect(objectOf(rowsOf({ a: 'b' }))).toEqual({ a: 'b' });
    expect(objectOf([{ name: ' ', value: 'x' }])).toBeUndefined();
  });

  it('with one name twice: the first counts and the second is told', () => {
    const rows = [
      { name: 'a', value: '1' },
      { name: 'a ', value: '2' },
      { name: '', value: '3' },
      { name: '', value: '' },
    ];
    expect(objectOf(rows)).toEqual({ a: '1' });
    expect(rows.map((_, index) => rowProblem(rows, index))).toEqual([
      undefined,
      "'a' stands twice; this one does not count.",
      'Give it a name.',
      undefined,
    ]);
  });

  it('move', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a'], 0, 1)).toEqual(['a']);
  });
});

describe('completing templates', () => {
  it.each<[string, string | undefined]>([
    ['/users/{{conn|', 'conn'],
    ['{{ form.|', 'form.'],
    ['{{form.email}}|', undefined],
    ['{{form.email ?? "|', undefined],
    ['plain|', undefined],
    ['{{a}}/{{|', ''],
  ])('%s', (marked, expected) => {
    const caret = marked.indexOf('|');
    expect(openPlace(marked.replace('|', ''), caret)?.typed).toBe(expected);
  });

  it.each([
    ['/users/{{conn|', '/users/{{form.email}}|'],
    ['{{fo|}}/x', '{{form.email|}}/x'],
    ['{{fo|rm.name}}/x', '{{form.email|}}/x'],
    ['{{fo|rm.name ?? "x"}}', '{{form.email| ?? "x"}}'],
    ['a|b', 'a{{form.email}}|b'],
    ['{{|', '{{form.email}}|'],
    ['{{fo|rm.name | lower}}', '{{form.email| | lower}}'],
    ['{{fo|rm.name | jmespath("{a: b}")}}', '{{form.email| | jmespath("{a: b}")}}'],
  ])('%s becomes %s', (marked, expected) => {
    const result = complete(marked.replace('|', ''), marked.indexOf('|'), 'form.email');
    expect(`${result.text.slice(0, result.caret)}|${result.text.slice(result.caret)}`).toBe(expected);
  });

  it.each([
    ['{{form.email ¦¶', ''],
    ['{{form.email ¦ lo¶', 'lo'],
    ['{{form.email | trim ¦ up¶per}}', 'up'],
    ['{{connectors.a["x|y"] ¦ s¶', 's'],
  ])('behind a | in %s a function is typed', (marked, expected) => {
    const text = marked.replace('¦', '|');
    expect(openPlace(text.replace('¶', ''), text.indexOf('¶'))).toMatchObject({ typed: expected, isFunction: true });
  });

  it.each(['{{form.email | join("¶', '{{form.email | slice(¶', "{{form.email | join('a|¶", '{{form.email | lower ?? ¶', 'a | b¶'])(
    'in %s there is nothing to suggest',
    (marked) => expect(openPlace(marked.replace('¶', ''), marked.indexOf('¶'))).toBeUndefined(),
  );

  it.each([
    ['{{form.email | lo¶', "{{form.email | join(', ')}}¶"],
    ['{{form.email | lo¶wer ?? "x"}}', '{{form.email | join(\', \')¶ ?? "x"}}'],
    ['{{form.email | ¶}}', "{{form.email | join(', ')¶}}"],
  ])('%s becomes %s', (marked, expected) => {
    const result = complete(marked.replace('¶', ''), marked.indexOf('¶'), "join(', ')");
    expect(`${result.text.slice(0, result.caret)}¶${result.text.slice(result.caret)}`).toBe(expected);
  });

  it('finds paths that begin so before those that hold it', () => {
    expect(matching(['connectors.form.x', 'form.email', 'form.name', 'device.ip'], 'form')).toEqual([
      'form.email',
      'form.name',
      'connectors.form.x',
    ]);
    expect(matching(['a', 'b'], '')).toEqual(['a', 'b']);
    expect(matching(['form.email'], 'form.email')).toEqual([]);
    // Enter takes the first: letters that stand anywhere are no hit.
    expect(matching(['flow.runId', 'user.loginId', 'device.userAgent'], 'for')).toEqual([]);
    expect(matching(['flow.runId', 'connectors.db.rows', 'client["run time"]', 'scripts.overrun'], 'run')).toEqual([
      'flow.runId',
      'client["run time"]',
    ]);
    expect(matching(['flow.runId', 'user.userId'], 'id')).toEqual(['flow.runId', 'user.userId']);
  });
});

describe('paths of the context', () => {
  it.each<[(string | number)[], string]>([
    [['connectors', 'profile', 'body', 'user', 'name'], 'connectors.profile.body.user.name'],
    [['connectors', 'p', 'body', 'items', 0, 'id'], 'connectors.p.body.items[0].id'],
    [['connectors', 'p', 'headers', 'x-region'], 'connectors.p.headers.x-region'],
    [['connectors', 'p', 'body', 'odd.name'], 'connectors.p.body["odd.name"]'],
    [['connectors', 'p', 'body', 'with "quotes" and \\'], 'connectors.p.body["with \\"quotes\\" and \\\\"]'],
    [['connectors', 'p', 'body', ''], 'connectors.p.body[""]'],
    [['connectors', 'p', 'body', '0'], 'connectors.p.body.0'],
    [['connectors', 'p', 'body', 'größe'], 'connectors.p.body.größe'],
    [['connectors', 'p', 'body', '𐐀'], 'connectors.p.body["𐐀"]'],
    [['connectors', 'p', 'body', 'a b'], 'connectors.p.body["a b"]'],
  ])('%j is %s', (segments, expected) => expect(pathOf(segments)).toBe(expected));
});
