import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { enteredOf, valueOf } from '../graph/conditions';
import { isObject, mapTexts, sameJson } from '../graph/json';
import { setActivityMember } from '../graph/edit';
import { copyOf, parseCopy, paste } from '../graph/clipboard';
import { catalogue } from '../test/login';
import { jsonRows } from '../forms/jsonRows';
import { jsonOfText, textOfJson } from '../forms/jsonText';
import { numberProblem } from '../forms/settings';
import { isExactNumber, parseJson, writeJson } from './json';
import type { Json, JsonObject } from './types';

// As an operator's script may write them.
const numbers = [
  '12345678901234567890',
  '1.0',
  '-0',
  '0.10',
  '1e5',
  '1E+5',
  '1e400',
  '3.141592653589793238462643383279',
  '-12345678901234567890.5',
];
const plain = ['0', '1', '-7', '404', '0.1', '1.5', '1e+21', '9007199254740991'];

const flow =
  `{"id":"f","start":"a","activities":[{"id":"a","type":"Condition","branches":[{"outcome":"Big","rules":[` +
  `{"key":"client.n","operator":"equal","value":12345678901234567890}]}]},` +
  `{"id":"b","type":"End","outputs":{"one":1.0,"list":[1e5,0.10,-0],"text":"1.0 \\" 2.0","name":"x"}}],` +
  `"connections":[{"source":"a","port":"Big","target":"b"}]}`;

describe('numbers', () => {
  it.each([...numbers, ...plain])('%s comes out as it went in', (text) => {
    for (const json of [text, `[${text}]`, `{"a":${text},"b":"${text}"}`]) expect(writeJson(parseJson(json))).toBe(json);
  });

  it.each(plain)('%s is a plain number', (text) => expect(parseJson(text)).toBe(Number(text)));

  it.each(numbers)('%s is no object, and equal to itself', (text) => {
    const value = parseJson(text);
    expect(isExactNumber(value)).toBe(true);
    expect(isObject(value)).toBe(false);
    expect(sameJson(value, parseJson(text))).toBe(true);
    expect(sameJson(value, parseJson('17'))).toBe(false);
    expect(jsonRows({ n: value } as Json, [], new Map(), 2)).toHaveLength(1);
    expect(numberProblem({ name: 'n', kind: 'number', description: '', required: false }, value)).toBeUndefined();
  });

  it.each(numbers)('%s stays where it is shown and entered', (text) => {
    const value = parseJson(text);
    expect(enteredOf(value)).toBe(text);
    expect(writeJson(valueOf(enteredOf(value)))).toBe(text);
    expect(textOfJson(value)).toBe(text);
    expect(writeJson(jsonOfText(textOfJson([value])))).toBe(`[${text}]`);
  });
});

describe('a flow', () => {
  it('that is changed elsewhere keeps its numbers', () => {
    const edited = setActivityMember(parseJson(flow) as JsonObject, 'b', 'name', 'Bye');
    expect(writeJson(edited)).toBe(flow.replace('"type":"End",', '"type":"End",').replace('"name":"x"}}', '"name":"x"},"name":"Bye"}'));
    expect(writeJson(mapTexts(edited, (text) => text))).toBe(writeJson(edited));
  });

  it('that goes through the clipboard keeps its numbers', () => {
    const copy = parseCopy(copyOf(parseJson(flow) as JsonObject, ['a', 'b'], catalogue))!;
    expect(writeJson(paste({ id: 'g', activities: [], connections: [] }, copy, catalogue).flow)).toContain(
      '"outputs":{"one":1.0,"list":[1e5,0.10,-0]',
    );
  });

  it('is written as JSON.stringify writes it where nothing is exact', () => {
    const value = { a: [1, null, 'x', { b: true, c: undefined }], d: {}, e: [] };
    expect(writeJson(value, 2)).toBe(JSON.stringify(value, null, 2));
    expect(writeJson({ ...value, n: parseJson('1.0') }, 2)).toBe(JSON.stringify({ ...value, n: 7 }, null, 2).replace('7', '1.0'));
  });

  it('with two members of one name, or one called __proto__, is read as JSON.parse reads it', () => {
    expect(writeJson(parseJson('{"a":1.0,"a":2.0}'))).toBe('{"a":2.0}');
    expect(Object.keys(parseJson('{"__proto__":{"x":1.0}}') as object)).toEqual(['__proto__']);
  });

  it('that is no JSON is refused', () => {
    for (const text of ['', '{', '[1.0', '01', '1.', '{"a":1.0,}']) expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

it('everything else reads and writes flows by it', () => {
  // Where plain JSON is as good: texts in quotes, what this page keeps for itself, and bodies of connectors' tests, which say when they
  // would lose digits.
  const plain = [
    'api/json.ts',
    'connectors/TestResult.tsx',
    'connectors/curl/fromCurl.ts',
    'flows/designer/known.ts',
    'flows/designer/tries.ts',
    'flows/files.ts',
    'forms/jsonText.ts',
    'graph/reads.ts',
  ];
  const root = new URL('..', import.meta.url);
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.ts$|^(node_modules|dist|generator|test)\//.test(file),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(
    sources.filter((file) => /\bJSON\.(parse|stringify)\(|structuredClone\(/.test(readFileSync(new URL(file, root), 'utf8'))).sort(),
  ).toEqual(plain);
});
