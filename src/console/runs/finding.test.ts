import { describe, expect, it } from 'vitest';
import type { RunHead } from '../api/types';
import { choicesOf, type Match } from './finding';

const match = (by: Match['by'], number: number): Match => ({ by, run: { number } as RunHead });

describe('what a text may mean', () => {
  it('is both a run and a person for a number that is both', () => {
    expect(
      choicesOf('6', [match('number', 6), match('person', 9), match('person', 4)]).map((choice) => choice.run?.number ?? choice.person),
    ).toEqual([6, '6']);
  });

  it('offers a run once, however many ways it was found', () => {
    expect(
      choicesOf('12345678', [match('id', 3), match('reference', 3), match('reference', 5)]).map((choice) => [
        choice.run?.number,
        choice.why,
      ]),
    ).toEqual([
      [3, 'by its id'],
      [5, 'by its reference'],
    ]);
  });

  it('is nothing when nothing was found', () => expect(choicesOf('x', [])).toEqual([]));
});
