import type { RunHead } from '../api/types';

/** A run that a text may mean, and as what. */
export interface Match {
  by: 'number' | 'id' | 'reference' | 'person';
  run: RunHead;
}

/** One thing to choose in the search box: a run, or all runs of a person. */
export interface Choice {
  key: string;
  run?: RunHead;
  person: string;
  /** As what the text was understood. */
  why: string;
}

const reasons = { number: 'by its number', id: 'by its id', reference: 'by its reference' } as const;

/** What to offer for a text: runs that it names, then whom it names. A run that it names in two ways is offered once. No DOM. */
export function choicesOf(text: string, matches: readonly Match[]): Choice[] {
  const choices = new Map<string, Choice>();
  for (const { by, run } of matches) {
    if (by === 'person') choices.set('person', { key: 'person', person: text, why: '' });
    else if (!choices.has(`run ${run.number}`))
      choices.set(`run ${run.number}`, { key: `run ${run.number}`, run, person: '', why: reasons[by] });
  }
  return [...choices.values()];
}
