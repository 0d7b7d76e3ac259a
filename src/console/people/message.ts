import { ApiError } from '../api/client';

/** A server's message, with what to do about it where the console knows better words. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'console.last_admin') return 'Nobody would be left who is admin. Make somebody else admin first.';
  return error instanceof Error ? error.message : String(error);
}
