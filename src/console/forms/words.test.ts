import { describe, expect, it } from 'vitest';
import type { Setting } from '../api/types';
import { sentenceAt, sentenceOf } from './words';

const setting = (more: Partial<Setting>): Setting => ({ name: 'x', kind: 'text', description: '', required: false, ...more });
const problem = (code: string, message = "'x' is wrong.", advice = 'Add "x".') => ({
  code,
  message,
  advice,
  pointer: '/configuration/authentication/clientId',
});

describe('a form speaks of its labels', () => {
  it.each<[string, string, Partial<Setting> | undefined, string]>([
    ['flow.required', 'Client ID', {}, 'Client ID is missing.'],
    ['flow.required', 'Client ID', undefined, 'Client ID is missing.'],
    ['flow.required', 'Engine', { choices: ['postgres', 'sqlite'] }, 'Engine has to be chosen.'],
    ['flow.required', 'Branches', { kind: 'list' }, 'Branches: add at least one.'],
    ['flow.type', 'Timeout', { kind: 'integer' }, 'Timeout has to be a whole number.'],
    ['flow.range', 'Timeout', { kind: 'integer', minimum: 1, maximum: 60, unit: 'seconds' }, 'Use 1 to 60 seconds.'],
    [
      'flow.value',
      'Method',
      { choices: ['GET', 'acme'], options: [{ value: 'acme', label: 'Acme stamp', description: '' }] },
      'Choose one of: GET, Acme stamp.',
    ],
    ['flow.unknown_setting', 'Colour', undefined, 'It has no effect here. Remove it.'],
  ])('%s at %s: %j', (code, label, more, text) => {
    const said = sentenceOf(problem(code), label, more && setting(more));
    expect(said).toBe(text);
    // Not the name in the file, and no JSON to write.
    expect(said).not.toMatch(/['"]x['"]/);
  });

  it('leaves to the server what only it knows', () =>
    expect(sentenceOf(problem('http.url_invalid', 'The base URL is not usable.', 'The URL has no host.'), 'Base URL')).toBe(
      'The base URL is not usable. The URL has no host.',
    ));

  it('knows the label of a place', () => {
    expect(sentenceAt(problem('flow.required'))).toBe('Client ID is missing.');
    expect(sentenceAt({ ...problem('flow.required'), pointer: '/configuration/headers/0' })).toBe('Headers is missing.');
    expect(sentenceAt({ ...problem('flow.required'), pointer: '' })).toBe('It is missing.');
  });
});
