import { parseJson, writeJson } from '../api/json';
import type { Json, JsonObject } from '../api/types';
import { objects, text } from './json';

export type RuleKind = 'comparison' | 'group' | 'script';

export const ruleKind = (rule: JsonObject): RuleKind =>
  rule['rules'] !== undefined ? 'group' : rule['script'] !== undefined ? 'script' : 'comparison';

/** A rule of another kind in place of one; what fits is kept. */
export function asKind(rule: JsonObject, kind: RuleKind): JsonObject {
  if (ruleKind(rule) === kind) return rule;
  switch (kind) {
    case 'group':
      return { match: 'any', rules: ruleKind(rule) === 'comparison' ? [rule, newRule()] : [newRule()] };
    case 'script':
      return { script: '' };
    default:
      return objects(rule['rules']).find((inner) => ruleKind(inner) === 'comparison') ?? newRule();
  }
}

export const newRule = (): JsonObject => ({ key: '', operator: 'equal', value: '' });

/** The value that a person means: a number, true, false, null or JSON as it is written, other text as text. Quotes make anything text. */
export function valueOf(entered: string): Json {
  const trimmed = entered.trim();
  if (/^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/.test(trimmed)) {
    return parseJson(trimmed);
  }
  if (/^["[{]/.test(trimmed) && !trimmed.startsWith('{{')) {
    try {
      return parseJson(trimmed);
    } catch {
      return entered;
    }
  }
  return entered;
}

/** How a value is shown where it is entered: `valueOf` of it is the value again. */
export function enteredOf(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return writeJson(value);
  return typeof valueOf(value) === 'string' && valueOf(value) === value ? value : writeJson(value);
}

const symbols: Record<string, string> = {
  equal: '=',
  'not-equal': '≠',
  'greater-than': '>',
  'greater-than-or-equal': '≥',
  'less-than': '<',
  'less-than-or-equal': '≤',
  in: 'in',
  'not-in': 'not in',
};

/** A rule in one line: connectors.profile.statusCode = 404. */
export function ruleText(rule: JsonObject): string {
  switch (ruleKind(rule)) {
    case 'script':
      return text(rule['script']);
    case 'group':
      return `(${rulesText(rule)})`;
    default: {
      const operator = text(rule['operator']);
      const value = rule['value'] === undefined ? '' : ` ${enteredOf(rule['value'])}`;
      return `${text(rule['key']) || '…'} ${symbols[operator] ?? words(operator)}${value}`.trim();
    }
  }
}

/** The rules of a branch or group in one line. */
export const rulesText = (branch: JsonObject): string =>
  objects(branch['rules'])
    .map(ruleText)
    .join(text(branch['match']) === 'any' ? ' or ' : ' and ');

/** An operator as people say it: greater-than → "greater than". */
export function words(operator: string): string {
  if (operator === 'devised-by') return 'is divisible by';
  if (operator === 'doesnt-contains') return 'does not contain';
  return operator.replaceAll('-', ' ');
}
