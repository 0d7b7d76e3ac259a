/** Turns a cURL command into a connector's configuration and a request to try out. Credentials go where they are kept secret. No DOM. */
import type { Json, JsonObject } from '../../api/types';
import { losesDigits } from '../../forms/jsonText';
import type { TestRequest } from '../testRequest';
import type { CurlCommand } from './curl';

export interface FromCurl {
  /** The members of a connector's configuration that the command says. */
  configuration: JsonObject;
  request: Pick<TestRequest, 'method' | 'endpoint' | 'headers' | 'bodyType' | 'body'>;
  notes: string[];
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
// Made by the transport, or only of use to a browser.
const dropped = new Set([
  'content-length',
  'connection',
  'accept-encoding',
  'transfer-encoding',
  'host',
  'expect',
  'te',
  'upgrade-insecure-requests',
  'priority',
]);
const keyNames =
  /^(x-)?(.*-)?(api|access|auth|subscription|functions|app)[-_]?(key|token|secret)$|^(x-)?(apikey|token|secret|private-token|auth-token)$/i;

/** Reads a command for a connector.
 * @param knownBaseUrl the base URL that the connector has; when the command's URL begins with it, the endpoint is what follows. */
export function fromCurl(command: CurlCommand, knownBaseUrl?: string): FromCurl {
  const notes = [...command.notes];
  const configuration: JsonObject = {};
  const { origin, path, user } = splitUrl(command.url);

  const known = knownBaseUrl?.replace(/\/+$/, '');
  const target = origin + path;
  const isKnown =
    known !== undefined &&
    known !== '' &&
    target.toLowerCase().startsWith(known.toLowerCase()) &&
    /^([/?]|$)/.test(target.slice(known.length));
  configuration['baseUrl'] = isKnown ? known : origin;
  const endpoint = isKnown ? target.slice(known.length) : path;

  let headers = command.headers.filter(({ name }) => !dropped.has(name.toLowerCase()) && !/^sec-(fetch|ch)-/i.test(name));
  const host = command.headers.find(({ name }) => name.toLowerCase() === 'host');
  if (host && host.value.toLowerCase() !== origin.replace(/^.*\/\//, '').toLowerCase())
    notes.push(`The header Host: ${host.value} is left out: it follows from the URL.`);

  const authentication = authenticate(command, user, headers, notes);
  if (authentication) configuration['authentication'] = authentication.settings;
  if (authentication?.header) headers = headers.filter((header) => header !== authentication.header);
  if (command.insecure) {
    configuration['insecure'] = true;
    notes.push('The command trusts any certificate (-k). Turn that off unless this is a test.');
  }
  if (command.followRedirects) configuration['followRedirects'] = true;

  const method = methods.includes(command.method) ? command.method : 'GET';
  if (method !== command.method) notes.push(`The method ${command.method} cannot be sent; GET stands in its place.`);
  const body = bodyOf(command, headers, notes);
  const names = new Set<string>();
  const rows = body.headers.filter(({ name, value }) => {
    if (names.has(name.toLowerCase())) {
      notes.push(`The header ${name} stands twice; '${value}' is left out.`);
      return false;
    }
    names.add(name.toLowerCase());
    return true;
  });
  if (rows.some(({ name }) => name.toLowerCase() === 'cookie'))
    notes.push('The header cookie may hold a secret. It is sent with this test only, not kept in the connector.');

  return {
    configuration,
    request: {
      method,
      endpoint,
      headers: rows.map(({ name, value }) => ({ name: name.toLowerCase(), value })),
      bodyType: body.bodyType,
      body: body.text,
    },
    notes,
  };
}

function splitUrl(url: string): { origin: string; path: string; user?: { name: string; password: string } } {
  const [, scheme = 'http', authority = '', path = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)/i.exec(url) ?? [];
  const at = authority.lastIndexOf('@');
  const origin = `${scheme.toLowerCase()}://${authority.slice(at + 1)}`;
  if (at < 0) return { origin, path };
  const [name = '', ...password] = authority.slice(0, at).split(':');
  return { origin, path, user: { name: decode(name), password: decode(password.join(':')) } };
}

/** The authentication of a command: -u, --oauth2-bearer, the Authorization header, a header that looks like an API key. */
function authenticate(
  command: CurlCommand,
  urlUser: CurlCommand['user'],
  headers: CurlCommand['headers'],
  notes: string[],
): { settings: JsonObject; header?: CurlCommand['headers'][number] } | undefined {
  const header = headers.find(({ name }) => name.toLowerCase() === 'authorization');
  if (header) {
    const [, scheme = '', credentials = ''] = /^(\S+)\s+(.*)$/.exec(header.value) ?? [];
    if (scheme.toLowerCase() === 'bearer') return { settings: { method: 'bearerToken', bearerToken: credentials }, header };
    const decoded = scheme.toLowerCase() === 'basic' ? decodeBase64(credentials) : undefined;
    const colon = decoded?.indexOf(':') ?? -1;
    if (decoded !== undefined && colon >= 0) return { settings: basic(decoded.slice(0, colon), decoded.slice(colon + 1)), header };
    return { settings: { method: 'apiKey', apiKey: { key: 'authorization', token: header.value } }, header };
  }
  if (command.bearer !== undefined) return { settings: { method: 'bearerToken', bearerToken: command.bearer } };
  const user = command.user ?? urlUser;
  if (user) return { settings: basic(user.name, user.password) };
  const keys = headers.filter(({ name }) => keyNames.test(name));
  if (keys.length > 1)
    notes.push(
      `Of the headers ${keys.map(({ name }) => name).join(', ')} the first is kept as the API key; the others are sent with this test only.`,
    );
  return keys[0]
    ? { settings: { method: 'apiKey', apiKey: { key: keys[0].name.toLowerCase(), token: keys[0].value } }, header: keys[0] }
    : undefined;
}

const basic = (username: string, password: string): JsonObject => ({ method: 'basic', basic: { username, password } });

function bodyOf(
  command: CurlCommand,
  headers: CurlCommand['headers'],
  notes: string[],
): { headers: CurlCommand['headers']; bodyType: TestRequest['bodyType']; text: string } {
  if (command.body === undefined) return { headers, bodyType: 'none', text: '' };
  const typeHeader = headers.find(({ name }) => name.toLowerCase() === 'content-type');
  const type = typeHeader?.value.split(';')[0]!.trim().toLowerCase() ?? '';
  const without = headers.filter((header) => header !== typeHeader);
  if (type === 'application/x-www-form-urlencoded') {
    const fields = formFields(command.body);
    if (fields) return { headers: without, bodyType: 'form', text: JSON.stringify(fields, null, 2) };
    if (isJson(command.body)) {
      notes.push('curl would call this body form data; it is JSON, and is sent as such.');
      return { headers: without, bodyType: 'json', text: pretty(command.body) };
    }
    return { headers, bodyType: 'text', text: command.body };
  }
  // Other JSON types, such as application/merge-patch+json, keep their header.
  if ((type === 'application/json' || type.endsWith('+json')) && isJson(command.body))
    return { headers: type === 'application/json' ? without : headers, bodyType: 'json', text: pretty(command.body) };
  return { headers: type === 'text/plain' ? without : headers, bodyType: 'text', text: command.body };
}

/** The fields of a form body; undefined where it is none, or has a name twice, which an object cannot say. */
function formFields(body: string): JsonObject | undefined {
  const fields: Record<string, Json> = {};
  if (!/^[^={}[\]"]+=/.test(body)) return undefined;
  for (const part of body.split('&')) {
    const equals = part.indexOf('=');
    if (equals < 0) return undefined;
    const name = decode(part.slice(0, equals).replaceAll('+', ' '));
    if (Object.hasOwn(fields, name)) return undefined;
    fields[name] = decode(part.slice(equals + 1).replaceAll('+', ' '));
  }
  return fields;
}

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
};

/** Indented, unless a number would lose digits by it. */
const pretty = (text: string): string => (losesDigits(text) ? text : JSON.stringify(JSON.parse(text), null, 2));

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decodeBase64(text: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
