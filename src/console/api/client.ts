import { soon } from '../text/counted';

/** Per page: calls the management API (docs/management-api.md) with the session's cookie and its CSRF token. */

import { parseJson, writeJson } from './json';
import { root } from './root';

export interface Diagnostic {
  file?: string | null;
  pointer: string;
  code: string;
  severity: 'error' | 'warning';
  message: string;
  advice: string;
  /** The line of the text that stands there, from 1. */
  line?: number;
  /** What was probably meant by a path: which of its parts, from 1 behind the root, and the name for it. */
  meant?: { path: string; part: number; name: string };
}

/** Problem details (RFC 9457) as the server answers them. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body: Record<string, unknown> = {},
    /** In how many seconds to come again, when the server says so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** All problems of a file that was refused (422). */
  get diagnostics(): Diagnostic[] {
    return (this.body['diagnostics'] as Diagnostic[] | undefined) ?? [];
  }
}

let csrfToken: string | undefined;

/** Sets what goes out as X-CSRF-Token; the session answers it. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

type Listener = () => void;
let whenSignedOut: Listener = () => undefined;

/** Is called when the server says that nobody is signed in any more. */
export function onSignedOut(listener: Listener): void {
  whenSignedOut = listener;
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;

  let response: Response;
  try {
    response = await fetch(root + path, {
      method,
      headers,
      signal: signal ?? null,
      credentials: 'same-origin',
      body: body === undefined ? null : writeJson(body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'network', 'The server cannot be reached. What you entered is still here; try again in a moment.');
  }

  const text = await response.text();
  const json = text ? parse(text) : undefined;
  if (response.ok) return json as T;
  const problem = (json ?? {}) as Record<string, unknown>;
  const retryAfter = Number(response.headers.get('Retry-After')) || undefined;
  const error = new ApiError(
    response.status,
    String(problem['errorCode'] ?? `http.${response.status}`),
    messageOf(response, problem, retryAfter),
    problem,
    retryAfter,
  );
  if (error.status === 401 && !path.startsWith('/api/session') && !path.startsWith('/api/setup')) whenSignedOut();
  throw error;
}

/** What somebody reads. Whoever has to wait is told how long in words: the server's own message is for programs, which read the header. */
export function messageOf(
  response: Pick<Response, 'status' | 'statusText'>,
  problem: Record<string, unknown>,
  retryAfter: number | undefined,
): string {
  if (response.status === 429) return `That was too often. Try again ${soon(retryAfter)}.`;
  if (response.status === 503 && retryAfter !== undefined) return `The server cannot do this just now. Try again ${soon(retryAfter)}.`;
  return String(problem['errorMessage'] ?? problem['detail'] ?? response.statusText);
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

export const api = {
  get: <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal),
  post: <T>(path: string, body: unknown = {}, signal?: AbortSignal) => call<T>('POST', path, body, signal),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, body),
  delete: <T = void>(path: string) => call<T>('DELETE', path),
};

/** A path's query from what is given; undefined and empty members are left out. */
export function query(members: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(members))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}
