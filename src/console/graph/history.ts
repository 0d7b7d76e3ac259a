/** Undo and redo: immutable. Steps of the same group that follow each other closely, such as the letters of a word, are undone together. */
export interface History<T> {
  readonly past: readonly Step<T>[];
  readonly present: T;
  readonly future: readonly Step<T>[];
}

interface Step<T> {
  /** How it was before the step (past), or after it (future). */
  readonly state: T;
  /** What the step did, in words. */
  readonly label: string;
  readonly group?: string;
  readonly at: number;
  /** What goes along with it outside of the state. */
  readonly effect?: Effect;
}

/** Something outside of what is recorded that is to be undone and done again with a step. */
export interface Effect {
  undo: () => void;
  redo: () => void;
}

const limit = 200;
const closely = 1500;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });

export function record<T>(history: History<T>, state: T, label: string, at: number, group?: string): History<T> {
  if (Object.is(state, history.present)) return history;
  const last = history.past.at(-1);
  if (group && last?.group === group && at - last.at < closely)
    return { past: [...history.past.slice(0, -1), { ...last, at }], present: state, future: [] };
  return {
    past: [...history.past.slice(1 - limit), { state: history.present, label, at, ...(group && { group }) }],
    present: state,
    future: [],
  };
}

/** Ties an effect to the last step. */
export function accompany<T>(history: History<T>, effect: Effect): History<T> {
  const last = history.past.at(-1);
  return last ? { ...history, past: [...history.past.slice(0, -1), { ...ungrouped(last), effect }] } : history;
}

export function undo<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (!last) return history;
  return {
    past: history.past.slice(0, -1),
    present: last.state,
    future: [{ ...ungrouped(last), state: history.present }, ...history.future],
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (!next) return history;
  return { past: [...history.past, { ...ungrouped(next), state: history.present }], present: next.state, future: rest };
}

const ungrouped = <T>({ group: _, ...step }: Step<T>): Step<T> => step;
