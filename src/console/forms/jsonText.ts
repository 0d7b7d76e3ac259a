/** JSON settings as text that a person edits. No DOM. */
import { parseJson, writeJson } from '../api/json';
import type { Json } from '../api/types';

/**
 * The value that a text means: JSON where it is JSON, otherwise the text itself, in which templates may stand; nothing where it is empty.
 */
export function jsonOfText(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** The text that stands for a value, such that {@link jsonOfText} gives the same value again. */
export function textOfJson(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string' && jsonOfText(value) === value) return value;
  return writeJson(value, 2);
}

/** Why a text is not the JSON that it seems to want to be, or undefined. Templates may make JSON of it later. */
export function jsonProblem(text: string): string | undefined {
  if (text.trim() === '' || text.includes('{{') || !/^\s*[[{"]/.test(text)) return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `This is not JSON: ${(error as Error).message}.`;
  }
}

/** Whether JSON has numbers that JavaScript cannot carry exactly, such as 12345678901234567890. */
export function losesDigits(text: string): boolean {
  const numbers = (json: string): string[] => json.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers(text).some((number) =>
    /^-?\d+$/.test(number)
      ? BigInt(number) !== BigInt(Number(number))
      : number.replace(/^-|\.|[eE].*$/g, '').replace(/^0+/, '').length > 17,
  );
}
