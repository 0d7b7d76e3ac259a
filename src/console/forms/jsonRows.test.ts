import { expect, test } from 'vitest';
import type { Json } from '../api/types';
import { jsonRows, longText, manyMembers, sizeOf, withoutMasks } from './jsonRows';

const value = { statusCode: 200, headers: { 'x-region': 'eu' }, body: { items: [{ 'odd name': 1 }] } };
const lines = (folds: [string, boolean][] = [], depth = 1) =>
  jsonRows(value, ['connectors', 'profile'], new Map(folds), depth).map((row) => `${row.level} ${row.key}`);

test('lines carry the path that a template would use', () => {
  expect(lines([], 9)).toEqual([
    '1 connectors.profile.statusCode',
    '1 connectors.profile.headers',
    '2 connectors.profile.headers.x-region',
    '1 connectors.profile.body',
    '2 connectors.profile.body.items',
    '3 connectors.profile.body.items[0]',
    '4 connectors.profile.body.items[0]["odd name"]',
  ]);
});

test('what is deeper than asked for begins folded, and what a person folds stays folded', () => {
  expect(lines()).not.toContain('3 connectors.profile.body.items[0]');
  expect(lines([['connectors.profile.body.items', true]])).toContain('3 connectors.profile.body.items[0]');
  expect(lines([['connectors.profile.headers', false]])).not.toContain('2 connectors.profile.headers.x-region');
});

test('only what has something inside can be opened', () => {
  const rows = jsonRows({ empty: {}, none: [], text: 'a', long: 'a'.repeat(longText + 1), full: [1] }, [], new Map(), 0);
  expect(rows.map((row) => row.isOpen)).toEqual([undefined, undefined, undefined, false, false]);
});

test('a value that is no container is one line', () => {
  expect(jsonRows('hello', ['scripts', 'a'], new Map(), 1)).toMatchObject([{ key: 'scripts.a', level: 1, isOpen: undefined }]);
  expect(jsonRows([], ['scripts', 'a'], new Map(), 1)).toHaveLength(1);
});

test('a long list shows its beginning until more is asked for', () => {
  const long = Array.from({ length: manyMembers + 50 }, (_, index) => index);
  const rows = jsonRows(long, ['a'], new Map(), 1);
  expect(rows).toHaveLength(manyMembers + 1);
  expect(rows.at(-1)).toMatchObject({ rest: 50, siblings: manyMembers + 50 });
  expect(jsonRows(long, ['a'], new Map([[rows.at(-1)!.key, true]]), 1)).toHaveLength(manyMembers + 50);
});

test('containers say what they hold', () => {
  const values: Json[] = [{}, [], { a: 1 }, [1, 2]];
  expect(values.map(sizeOf)).toEqual(['{ }', '[ ]', '1 member', '2 items']);
});

test('secrets that were taken out of a text stand apart', () => {
  expect(withoutMasks('***')).toEqual(['', '***', '']);
  expect(withoutMasks('Bearer *** for ***')).toEqual(['Bearer ', '***', ' for ', '***', '']);
  expect(withoutMasks('plain')).toEqual(['plain']);
});
