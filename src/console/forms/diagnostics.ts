/** Puts the server's diagnostics where they belong in a form. No DOM. */
import type { Diagnostic } from '../api/client';
import type { Fix } from '../ui';
import { isWithin } from './pointer';

/** A diagnostic as a field shows it. */
export interface FieldProblem {
  message: string;
  severity: 'error' | 'warning';
  code?: string;
  fix?: Fix;
}

/** One sentence after the other: what is wrong, what to do. */
export const textOf = ({ message, advice }: Pick<Diagnostic, 'message' | 'advice'>): string => (advice ? `${message} ${advice}` : message);

export const problemOf = (diagnostic: Diagnostic & { fix?: Fix }): FieldProblem => ({ message: textOf(diagnostic), severity: diagnostic.severity, code: diagnostic.code, ...(diagnostic.fix && { fix: diagnostic.fix }) });

/** The problems of exactly that place. */
export const problemsAt = (diagnostics: Diagnostic[], pointer: string): FieldProblem[] => diagnostics.filter((one) => one.pointer === pointer).map(problemOf);

/** The problems of that place and of everything below it. */
export const problemsWithin = (diagnostics: Diagnostic[], pointer: string): FieldProblem[] => diagnostics.filter((one) => isWithin(one.pointer, pointer)).map(problemOf);

/** Those that stand at none of the places that a form shows. A place given with "/*" takes everything below it as well. */
export function unplaced(diagnostics: Diagnostic[], places: string[]): Diagnostic[] {
  return diagnostics.filter((one) => !places.some((place) => (place.endsWith('/*') ? isWithin(one.pointer, place.slice(0, -2)) : one.pointer === place)));
}

/** "2 errors, 1 warning"; "" when there are none. */
export function countOf(diagnostics: { severity: string }[]): string {
  const errors = diagnostics.filter((one) => one.severity !== 'warning').length;
  const warnings = diagnostics.length - errors;
  return [errors && `${errors} ${errors === 1 ? 'error' : 'errors'}`, warnings && `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`].filter(Boolean).join(', ');
}
