/** What somebody who could not sign in reads. No DOM. */
import { ApiError } from '../api/client';
import { soon } from '../text/counted';

export function signInProblem(error: unknown): string {
  if (!(error instanceof ApiError)) return (error as Error).message;
  switch (error.code) {
    case 'console.too_many_tries':
      return `There were too many wrong tries from here. Try again ${soon(error.retryAfter)}. If you have forgotten your password, an admin can set a new one.`;
    case 'console.busy':
      return `Many people are signing in just now. Try again ${soon(error.retryAfter)}.`;
    default:
      return error.message;
  }
}
