/** Puts the server's diagnostics where they belong in a form. No DOM. */
import type { Diagnostic } from '../api/client';
import { counted } from '../text/counted';
import type { Fix } from '../ui';
import { isWithin } from '../graph/pointer';

/** A diagnostic as a field shows it. */
export interface FieldProblem {
  message: string;
  severity: 'error' | 'warning';
  code?: string;
  /** The line that it speaks of, from 1. */
  line?: number;
  fix?: Fix;
}

/** One sentence after the other: what is wrong, what to do. */
export const textOf = ({ message, advice }: Pick<Diagnostic, 'message' | 'advice'>): string => (advice ? `${message} ${advice}` : message);

/** @param say what the field says of a problem; the server's own sentence unless it is given. */
export type Say = (diagnostic: Diagnostic) => string;

export const problemOf = (diagnostic: Diagnostic & { fix?: Fix }, say: Say = textOf): FieldProblem => ({
  message: say(diagnostic),
  severity: diagnostic.severity,
  code: diagnostic.code,
  ...(diagnostic.line !== undefined && { line: diagnostic.line }),
  ...(diagnostic.fix && { fix: diagnostic.fix }),
});

/** The problems of exactly that place. */
export const problemsAt = (diagnostics: Diagnostic[], pointer: string, say: Say = textOf): FieldProblem[] =>
  diagnostics.filter((one) => one.pointer === pointer).map((one) => problemOf(one, say));

/** The problems of that place and of everything below it. */
export const problemsWithin = (diagnostics: Diagnostic[], pointer: string, say: Say = textOf): FieldProblem[] =>
  diagnostics.filter((one) => isWithin(one.pointer, pointer)).map((one) => problemOf(one, say));

/** Those that stand at none of the places that a form shows. A place given with "/*" takes everything below it as well. */
export function unplaced(diagnostics: Diagnostic[], places: string[]): Diagnostic[] {
  return diagnostics.filter(
    (one) => !places.some((place) => (place.endsWith('/*') ? isWithin(one.pointer, place.slice(0, -2)) : one.pointer === place)),
  );
}

/** "2 errors, 1 warning"; "" when there are none. */
export function countOf(diagnostics: { severity: string }[]): string {
  const errors = diagnostics.filter((one) => one.severity !== 'warning').length;
  const warnings = diagnostics.length - errors;
  return [errors && counted(errors, 'error'), warnings && counted(warnings, 'warning')].filter(Boolean).join(', ');
}
