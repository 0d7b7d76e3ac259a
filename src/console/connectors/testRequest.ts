/** What is entered to try a connector out, and what is sent for it. No DOM. */
import type { Diagnostic, Json, JsonObject } from '../api/types';
import { jsonOfText, losesDigits } from '../forms/jsonText';
import { isObject } from '../graph/json';
import { objectOf, type Row } from '../forms/rows';

export type BodyType = 'json' | 'form' | 'text' | 'multipart' | 'binary' | 'none';

export interface TestRequest {
  method: string;
  endpoint: string;
  query: Row[];
  headers: Row[];
  bodyType: BodyType;
  /** As it was entered; for a form, the JSON of its fields. */
  body: string;
  /** The parts of a multipart body. */
  parts: JsonObject[];
  /** A sample context, as JSON text. */
  context: string;
}

export const emptyRequest: TestRequest = {
  method: 'GET',
  endpoint: '',
  query: [],
  headers: [],
  bodyType: 'none',
  body: '',
  parts: [],
  context: '',
};

/** What stands at the top of a context; "flow" is the server's own and taken as well. */
export const roots = ['form', 'client', 'user', 'connectors', 'scripts', 'claims', 'device', 'error', 'flow'];

/** A problem of the server's at its field: those of the sample context come with places inside of it. */
export const placed = (problem: Diagnostic): Diagnostic =>
  problem.file === 'context' ? { ...problem, pointer: `/context${problem.pointer}` } : problem;

/** The body of POST /api/connectors/{id}/test, or the problems of what was entered. */
export function toSend(request: TestRequest): { body: JsonObject } | { problems: Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const wrong = (pointer: string, message: string, advice: string) =>
    problems.push({ pointer, message, advice, code: 'flow.json', severity: 'error' });

  const body: JsonObject = { method: request.method, endpoint: request.endpoint, bodyType: request.bodyType };
  const query = objectOf(request.query);
  const headers = objectOf(request.headers);
  if (query) body['query'] = query;
  if (headers) body['headers'] = headers;

  if (request.bodyType === 'json') {
    // The server reads JSON out of a text as well, there with every digit.
    const value = losesDigits(request.body) ? request.body : jsonOfText(request.body);
    if (value !== undefined) body['body'] = value;
  } else if (request.bodyType === 'form') {
    const fields = jsonOfText(request.body);
    if (fields !== undefined && !isObject(fields)) wrong('/body', 'A form body is an object.', 'Write { "field": "value" }.');
    else if (fields !== undefined) body['body'] = fields;
  } else if (request.bodyType === 'multipart') {
    body['parts'] = request.parts;
  } else if ((request.bodyType === 'text' || request.bodyType === 'binary') && request.body !== '') {
    body['body'] = request.body;
  }

  if (request.context.trim() !== '') {
    const context = jsonOfText(request.context);
    const unknown = isObject(context) ? Object.keys(context).filter((name) => !roots.includes(name)) : [];
    if (!isObject(context))
      wrong('/context', 'The sample context is not a JSON object.', 'Write { "form": { "email": "ada@example.com" } }.');
    else if (unknown.length > 0)
      wrong('/context', `No template can read “${unknown.join('”, “')}”: the context has no such root.`, `Use ${roots.join(', ')}.`);
    else body['context'] = context;
  }
  return problems.length > 0 ? { problems } : { body };
}

/** What an http connector's test answers. */
export interface HttpTestResult {
  ok: boolean;
  /** The request for a token that went before it. */
  token?: { method: string; url: string; milliseconds: number };
  request?: { method: string; url: string; headers: Record<string, string>; body: string | null };
  signature?: { header: string; value: string; signedText: string };
  /** What the message signature (RFC 9421) was made over, line by line. */
  messageSignature?: { label: string; algorithm: string; input: string; value: string; base: string[]; publicKey?: string };
  /** The handshake: what the API showed, and what we did. */
  tls?: { trusts: string; problems: string[]; chain: SeenCertificate[]; client?: SeenCertificate };
  /** Of a request that somebody received: which key signed it. */
  received?: { hmac?: Finding; messageSignature?: Finding };
  /** The request as a cURL command, where it was asked for in place of sending it. */
  curl?: string;
  response?: { statusCode: number; headers: Record<string, string>; body: string };
  context?: Json;
  error?: { event?: string; code: string; message: string };
  timings?: Timings;
  problems?: Diagnostic[];
}

/** What is known of one signature of a request that somebody received. */
export interface Finding {
  /** Whether a key verifies it as it was received. */
  verifies: boolean;
  /** The key that made the signature: its place among the HMAC secrets, or its id; null where none of the connector's did. */
  key: number | string | null;
  /** What the HMAC is verified over. */
  signedText?: string;
  /** The signature base of the request, line by line. */
  base?: string[];
  reason?: string;
  /** The first byte that is not what was signed. */
  difference?: { line: number; byte: number; element?: string; sent: string; received: string };
  notes?: string[];
}

export interface SeenCertificate {
  subject: string;
  issuer: string;
  notBefore: string;
  notAfter: string;
  daysLeft: number;
}

/** In milliseconds; null for what did not happen. First byte and total count from the start. */
export interface Timings {
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  firstByteMs: number;
  totalMs: number;
}

/** What the test of a connector answers that is tried out without a request: whether it could connect, and whatever else its type has to say. */
export interface ConnectionResult {
  ok: boolean;
  engine?: string;
  serverVersion?: string;
  milliseconds?: number;
  [fact: string]: Json | undefined;
  /** What the connector's user can do beyond what flows need. */
  warnings?: string[];
  error?: { code: string; message: string };
}

export interface Phase {
  name: string;
  milliseconds: number;
  /** Its place on the bar, in percent of the whole. */
  start: number;
  share: number;
}

/** Where the time of an exchange went, one phase after the other. */
export function phasesOf({ dnsMs, connectMs, tlsMs, firstByteMs, totalMs }: Timings, tokenMs: number | null = null): Phase[] {
  const opening = (dnsMs ?? 0) + (connectMs ?? 0) + (tlsMs ?? 0);
  const parts: [string, number | null][] = [
    ['Token', tokenMs],
    ['DNS', dnsMs],
    ['Connect', connectMs],
    ['TLS', tlsMs],
    ['First byte', Math.max(0, firstByteMs - opening)],
    ['Body', Math.max(0, totalMs - firstByteMs)],
  ];
  const whole = parts.reduce((sum, [, milliseconds]) => sum + (milliseconds ?? 0), 0) || 1;
  let start = 0;
  return parts.flatMap(([name, milliseconds]) => {
    if (milliseconds === null) return [];
    const phase = { name, milliseconds, start: (start / whole) * 100, share: (milliseconds / whole) * 100 };
    start += milliseconds;
    return [phase];
  });
}

/** "0.42 ms", "12.3 ms", "1.25 s". */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${milliseconds < 1 ? milliseconds.toFixed(2) : milliseconds < 100 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
