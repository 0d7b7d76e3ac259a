/** Secret settings: a literal that is never shown again, env:NAME or file:PATH. No DOM. */
import type { Json } from '../api/types';

/** What stands for a stored literal; sent back, it stays as it is stored. */
export const mask = '***';

export type SecretSource = 'literal' | 'env' | 'file';

export type SecretState = { is: 'unset' } | { is: 'stored' } | { is: 'entered'; source: SecretSource; text: string };

/** What a secret's value says. */
export function readSecret(value: Json | undefined): SecretState {
  if (typeof value !== 'string') return { is: 'unset' };
  if (value === mask) return { is: 'stored' };
  if (value.startsWith('env:')) return { is: 'entered', source: 'env', text: value.slice(4) };
  if (value.startsWith('file:')) return { is: 'entered', source: 'file', text: value.slice(5) };
  return { is: 'entered', source: 'literal', text: value };
}

/** The value to write for what was entered. */
export function writeSecret(source: SecretSource, text: string): string {
  return source === 'literal' ? text : `${source}:${text}`;
}
