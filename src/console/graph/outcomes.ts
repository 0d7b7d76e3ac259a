import type { Json } from '../api/types';
import { text } from './json';

// Outcomes by answer: names, each with the statuses and faults that lead to it.

/** The matchers in a text that a person types: 404, 5xx, timeout. */
export const matchersIn = (typed: string): string[] => typed.split(/[\s,;]+/).filter(Boolean);

/** Matchers as a person reads them. */
export const matchersText = (matchers: Json | undefined): string =>
  Array.isArray(matchers) ? matchers.map((one) => (typeof one === 'number' ? String(one) : text(one))).join(', ') : '';
