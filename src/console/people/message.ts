/** What people of the console read when something about people could not be done, and at which field. No DOM. */
import { ApiError } from '../api/client';

/** A server's message, with what to do about it where the console knows better words. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'console.last_admin')
    return 'Nobody would be left who is admin. Make somebody else admin first.';
  return error instanceof Error ? error.message : String(error);
}

export type PersonField = 'name' | 'password' | 'current' | 'role';

const fields: Record<string, PersonField> = {
  'console.name': 'name',
  'console.user_exists': 'name',
  'console.password': 'password',
  'console.role': 'role',
};

/** The same beside a field whose hint says the rule already. */
export const messageAtField = (error: unknown): string =>
  error instanceof ApiError && error.code === 'console.name' ? 'This name cannot be used.' : messageOf(error);

/** The field that an error is about; undefined where it is about the whole. */
export const fieldOf = (error: unknown): PersonField | undefined => (error instanceof ApiError ? fields[error.code] : undefined);
