/** Turns a cURL command into a connector's configuration and a request to try out. Credentials go where they are kept secret. No DOM. */
import type { CredentialHeader, Json, JsonObject } from '../../api/types';
import { losesDigits } from '../../forms/jsonText';
import type { CurlTarget } from '../roles';
import type { TestRequest } from '../testRequest';
import type { CurlCommand, FormPart } from './curl';

export interface FromCurl {
  /** The members of a connector's configuration that the command says. */
  configuration: JsonObject;
  baseUrl: string;
  /** The kind of authentication; undefined without credentials. */
  kind: string | undefined;
  request: Pick<TestRequest, 'method' | 'endpoint' | 'headers' | 'bodyType' | 'body' | 'parts'>;
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
/** Reads a command for a connector.
 * @param target what of the connector's type it fills
 * @param knownBaseUrl the base URL that the connector has; when the command's URL begins with it, the endpoint is what follows. */
export function fromCurl(command: CurlCommand, target: CurlTarget, knownBaseUrl?: string): FromCurl {
  const notes = [...command.notes];
  const configuration: JsonObject = {};
  const { origin, path, user } = splitUrl(command.url);

  const base = knownBaseUrl?.replace(/\/+$/, '');
  const whole = origin + path;
  const isKnown =
    base !== undefined && base !== '' && whole.toLowerCase().startsWith(base.toLowerCase()) && /^([/?]|$)/.test(whole.slice(base.length));
  const baseUrl = isKnown ? base : origin;
  configuration[target.address] = baseUrl;
  const endpoint = isKnown ? whole.slice(base.length) : path;

  // What AWS signatures are made of goes with the access key.
  const isDropped = (name: string) => dropped.has(name) || (command.aws !== undefined && name === 'x-amz-security-token');
  let headers = command.headers.filter(({ name }) => !isDropped(name.toLowerCase()) && !/^sec-(fetch|ch)-/i.test(name));
  const host = command.headers.find(({ name }) => name.toLowerCase() === 'host');
  if (host && host.value.toLowerCase() !== origin.replace(/^.*\/\//, '').toLowerCase())
    notes.push(`The header Host: ${host.value} is left out: it follows from the URL.`);

  // With --aws-sigv4, -u is the access key.
  const authentication = authenticate(
    command.aws ? { ...command, user: undefined } : command,
    user,
    headers,
    target.authentication?.headers ?? [],
    notes,
  );
  if (target.authentication && authentication) {
    const { setting, kind } = target.authentication;
    configuration[setting] = { [kind]: authentication.kind, ...authentication.settings };
  }
  if (authentication) headers = headers.filter((header) => header !== authentication.header);
  if (command.insecure && target.anyCertificate !== undefined) {
    configuration[target.anyCertificate] = true;
    notes.push('The command trusts any certificate (-k). Turn that off unless this is a test.');
  }
  if (command.followRedirects && target.redirects !== undefined) configuration[target.redirects] = true;

  identify(command, target, configuration, notes);
  signForAws(command, target, configuration, notes);

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
    baseUrl,
    kind: authentication?.kind,
    request: {
      method,
      endpoint,
      headers: rows.map(({ name, value }) => ({ name: name.toLowerCase(), value })),
      bodyType: body.bodyType,
      body: body.text,
      parts: body.parts,
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

/** The authentication of a command: its Authorization header, which -u and --oauth2-bearer stand for too, or the first header that a kind knows. */
function authenticate(
  command: CurlCommand,
  urlUser: CurlCommand['user'],
  headers: CurlCommand['headers'],
  known: CredentialHeader[],
  notes: string[],
): { kind: string; settings: JsonObject; header: CurlCommand['headers'][number] } | undefined {
  const user = command.user ?? urlUser;
  const given = headers.find(({ name }) => name.toLowerCase() === 'authorization');
  const made =
    command.bearer !== undefined
      ? `Bearer ${command.bearer}`
      : user && `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user.name}:${user.password}`)))}`;
  const authorization = given ?? (made === undefined ? undefined : { name: 'authorization', value: made });
  const found = (authorization ? [authorization] : headers).flatMap((header) => {
    for (const credential of known) {
      const settings = settingsOf(credential, header);
      if (settings) return [{ kind: credential.kind, settings, header }];
    }
    return [];
  });
  if (found.length > 1)
    notes.push(
      `Of the headers ${found.map(({ header }) => header.name).join(', ')} the first is kept as a secret; the others are sent with this test only.`,
    );
  return found[0];
}

/** The settings of a kind of authentication that a header holds; undefined where it is none of that kind. */
function settingsOf(credential: CredentialHeader, { name, value }: CurlCommand['headers'][number]): JsonObject | undefined {
  if (!new RegExp(`^(?:${credential.name})$`, 'i').test(name)) return undefined;
  let groups = new RegExp(credential.value, 'i').exec(value)?.groups;
  if (groups && credential.decoded !== undefined) {
    const text = decodeBase64(groups['base64'] ?? '');
    groups = text === undefined ? undefined : new RegExp(credential.decoded).exec(text)?.groups;
  }
  if (!groups) return undefined;
  const settings: JsonObject = { ...(credential.nameSetting && { [credential.nameSetting]: name.toLowerCase() }), ...groups };
  return credential.isFlat ? settings : { [credential.kind]: settings };
}

function bodyOf(
  command: CurlCommand,
  headers: CurlCommand['headers'],
  notes: string[],
): { headers: CurlCommand['headers']; bodyType: TestRequest['bodyType']; text: string; parts: JsonObject[] } {
  if (command.parts) {
    if (command.body !== undefined) notes.push('A request has a form (-F) or data (-d), not both; the data is left out.');
    // The boundary is made anew with each body.
    const others = headers.filter(({ name }) => name.toLowerCase() !== 'content-type');
    return { headers: others, bodyType: 'multipart', text: '', parts: command.parts.map(partOf) };
  }
  return { ...textBodyOf(command, headers, notes), parts: [] };
}

/** A part as the settings of an activity say it: what no field is, is a file. */
const partOf = ({ name, value, filename, contentType }: FormPart): JsonObject => ({
  name,
  ...(value === undefined ? { file: '', filename: filename ?? '' } : { value }),
  ...(contentType !== undefined && { contentType }),
});

/** The certificate that the command shows, and the authorities that it trusts: as files, which are read by the server. */
function identify(command: CurlCommand, target: CurlTarget, configuration: JsonObject, notes: string[]): void {
  const files: string[] = [];
  const set = (setting: string | undefined, file: string | undefined) => {
    if (setting === undefined || file === undefined) return;
    configuration[setting] = `file:${file}`;
    files.push(file);
  };
  if (command.certificate) {
    const { file, key, passphrase } = command.certificate;
    set(target.clientCertificate, file);
    // A key that is not named stands in the certificate's file.
    set(target.clientKey, key ?? file);
    if (target.clientKeyPassphrase !== undefined && passphrase !== undefined) configuration[target.clientKeyPassphrase] = passphrase;
  }
  set(target.authorities, command.authorities);
  if (files.length > 0)
    notes.push(`${[...new Set(files)].join(', ')}: the server reads the file where it runs. Copy it there, or paste what it holds in PEM.`);
}

function signForAws(command: CurlCommand, target: CurlTarget, configuration: JsonObject, notes: string[]): void {
  if (!command.aws || target.awsSignature === undefined) return;
  const { region, service } = command.aws;
  const token = command.headers.find(({ name }) => name.toLowerCase() === 'x-amz-security-token')?.value;
  configuration[target.awsSignature] = {
    accessKeyId: command.user?.name ?? '',
    secretAccessKey: command.user?.password ?? '',
    ...(token !== undefined && { sessionToken: token }),
    region,
    service,
  };
  if (region === '' || service === '')
    notes.push('The command leaves region or service of the AWS signature to the host’s name: enter them.');
}

function textBodyOf(
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
