/** JSON in and out without the loss of a digit. No DOM. */
import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/**
 * A number that JavaScript would write in another way than it was written: 12345678901234567890, 1.0, 1e5. It keeps its text; all others
 * are plain numbers.
 */
export type ExactNumber = LosslessNumber;

export type Json = null | boolean | number | ExactNumber | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export const isExactNumber = (value: unknown): value is ExactNumber => isLosslessNumber(value);

/** The number that a text says, which is JSON's way to write one. */
export const numberOfText = (text: string): number | ExactNumber =>
  String(Number(text)) === text ? Number(text) : new LosslessNumber(text);

/**
 * The value of a JSON text, in which every number can be written again as it was.
 * @throws SyntaxError It is no JSON.
 */
export function parseJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  // The exact way is slower, and most texts have no use for it. Of two members of one name the last counts, either way.
  return hasExactNumber(text)
    ? (parse(text, undefined, { parseNumber: numberOfText, onDuplicateKey: ({ newValue }) => newValue }) as Json)
    : value;
}

/** The JSON text of a value: each number as it was read. */
export const writeJson = (value: unknown, space?: number): string =>
  holdsExactNumber(value) ? stringify(value, undefined, space)! : JSON.stringify(value, undefined, space);

const number = /-?\d[\d.eE+-]*/y;

function hasExactNumber(json: string): boolean {
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (code === 34) {
      // A text ends at the first quote that no backslash stands before.
      for (i++; json.charCodeAt(i) !== 34; i++) if (json.charCodeAt(i) === 92) i++;
    } else if (code === 45 || (code >= 48 && code <= 57)) {
      number.lastIndex = i;
      const text = number.exec(json)![0];
      if (String(Number(text)) !== text) return true;
      i += text.length - 1;
    }
  }
  return false;
}

function holdsExactNumber(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isExactNumber(value) || Object.values(value).some(holdsExactNumber);
}
