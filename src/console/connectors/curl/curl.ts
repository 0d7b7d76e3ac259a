/** Reads a cURL command: what it would send, without sending it. No DOM. */
import { shellWords } from './shellWords';

export interface CurlCommand {
  method: string;
  /** As written, with what -G, --data-urlencode and --url-query add to its query. */
  url: string;
  headers: { name: string; value: string }[];
  /** The body as it would be sent; undefined without one. */
  body?: string;
  user?: { name: string; password: string };
  bearer?: string;
  /** The parts of a form (-F); undefined without one. */
  parts?: FormPart[];
  /** The files of a client certificate and its key, and what opens the key. */
  certificate?: { file: string; key?: string; passphrase?: string };
  /** The file of the only authorities that are trusted. */
  authorities?: string;
  /** What --aws-sigv4 says. */
  aws?: { region: string; service: string };
  insecure: boolean;
  followRedirects: boolean;
  /** In seconds. */
  timeout?: number;
  /** What could not be taken over, in sentences. */
  notes: string[];
}

export interface FormPart {
  name: string;
  /** What a field says; undefined for a file. */
  value?: string;
  filename?: string;
  contentType?: string;
}

// Options that take a value. What is not read below is named in a note, or means nothing for a request (output, progress, tries).
const withValue = new Set([
  '--request',
  '--header',
  '--data',
  '--data-ascii',
  '--data-raw',
  '--data-binary',
  '--data-urlencode',
  '--json',
  '--user',
  '--url',
  '--url-query',
  '--user-agent',
  '--referer',
  '--cookie',
  '--form',
  '--form-string',
  '--max-time',
  '--oauth2-bearer',
  '--upload-file',
  '--range',
  '--proxy',
  '--proxy-user',
  '--proxy-header',
  '--cert',
  '--cert-type',
  '--key',
  '--key-type',
  '--pass',
  '--cacert',
  '--capath',
  '--resolve',
  '--connect-to',
  '--interface',
  '--aws-sigv4',
  '--output',
  '--output-dir',
  '--write-out',
  '--cookie-jar',
  '--connect-timeout',
  '--retry',
  '--retry-delay',
  '--retry-max-time',
  '--limit-rate',
  '--max-redirs',
  '--dump-header',
  '--trace',
  '--trace-ascii',
  '--stderr',
  '--config',
  '--ciphers',
  '--tls13-ciphers',
  '--tls-max',
  '--pinnedpubkey',
  '--unix-socket',
  '--noproxy',
  '--max-filesize',
  '--speed-time',
  '--speed-limit',
  '--keepalive-time',
  '--netrc-file',
  '--expect100-timeout',
  '--dns-servers',
  '--doh-url',
  '--proto',
  '--proto-default',
  '--proto-redir',
  '--local-port',
  '--time-cond',
  '--rate',
  '--etag-save',
  '--etag-compare',
  '--curves',
  '--alt-svc',
  '--hsts',
  '--variable',
  '--socks5',
  '--socks5-hostname',
  '--preproxy',
]);

const short: Record<string, string> = {
  X: '--request',
  H: '--header',
  d: '--data',
  u: '--user',
  A: '--user-agent',
  e: '--referer',
  b: '--cookie',
  F: '--form',
  m: '--max-time',
  T: '--upload-file',
  r: '--range',
  x: '--proxy',
  U: '--proxy-user',
  E: '--cert',
  o: '--output',
  w: '--write-out',
  c: '--cookie-jar',
  D: '--dump-header',
  K: '--config',
  y: '--speed-time',
  Y: '--speed-limit',
  z: '--time-cond',
  C: '--continue-at',
  G: '--get',
  I: '--head',
  k: '--insecure',
  L: '--location',
};
withValue.add('--continue-at');

const unsupported: Record<string, string> = {
  '--upload-file': 'The file of -T is not here: paste what it holds into the body.',
  '--proxy': 'The proxy is left out: the operator sets proxies for the server (Egress:Proxies).',
  '--capath': 'The folder of authorities (--capath) is left out: paste them into the connector’s CA certificates.',
  '--unix-socket': 'The Unix socket is left out: connectors speak TCP.',
  '--config': 'The file of -K is not here: what it sets is missing.',
  '--resolve': 'The address of --resolve is left out: the server resolves names itself.',
  '--connect-to': 'The address of --connect-to is left out: the server resolves names itself.',
};

/** The request of a command, or why there is none. */
export function parseCurl(text: string): CurlCommand | { problem: string } {
  const trimmed = text.trim().replace(/^[$%>]\s+/, '');
  if (/\^\s*\r?\n|\^"/.test(trimmed)) return { problem: 'This is for the Windows command prompt. Copy it as cURL for bash instead.' };
  const { words, unresolved, problem } = shellWords(trimmed);
  if (problem) return { problem: `${problem} Copy the whole command.` };
  const first = words[0];
  if (first === undefined) return { problem: 'Paste a command that begins with curl.' };
  if (!/^(.*\/)?curl(\.exe)?$/.test(first))
    return { problem: `This begins with '${first.slice(0, 30)}'. Paste a command that begins with curl.` };

  const command: CurlCommand = { method: '', url: '', headers: [], insecure: false, followRedirects: false, notes: [] };
  if (unresolved.length > 0)
    command.notes.push(`The shell would have put values in place of ${unique(unresolved).join(', ')}: replace them.`);
  const data: string[] = [];
  const queries: string[] = [];
  const urls: string[] = [];
  let hasData = false;
  let isJson = false;
  let isGet = false;
  let isHead = false;

  const options = optionsOf(words.slice(1), urls, command.notes);
  for (const [name, value] of options) {
    switch (name) {
      case '--request':
        command.method = value;
        break;
      case '--url':
        urls.push(value);
        break;
      case '--header':
        addHeader(command, value);
        break;
      case '--user-agent':
        command.headers.push({ name: 'user-agent', value });
        break;
      case '--referer':
        command.headers.push({ name: 'referer', value });
        break;
      case '--cookie':
        if (value.includes('=')) command.headers.push({ name: 'cookie', value });
        else command.notes.push(`The cookies of the file ${value} are not here.`);
        break;
      case '--data':
      case '--data-ascii':
      case '--data-binary':
      case '--data-raw':
      case '--json':
        hasData = true;
        if (value.startsWith('@') && name !== '--data-raw')
          command.notes.push(`The file ${value.slice(1)} is not here: paste what it holds into the body.`);
        else if (name === '--json' && isJson) data.push((data.pop() ?? '') + value);
        else data.push(value);
        isJson ||= name === '--json';
        break;
      case '--data-urlencode':
      case '--url-query': {
        if (name === '--data-urlencode') hasData = true;
        const encoded = urlEncoded(value, name === '--url-query');
        if (encoded === undefined) command.notes.push(`The file in ${name} ${value} is not here.`);
        else (name === '--url-query' ? queries : data).push(encoded);
        break;
      }
      case '--user': {
        const colon = value.indexOf(':');
        command.user = colon < 0 ? { name: value, password: '' } : { name: value.slice(0, colon), password: value.slice(colon + 1) };
        if (colon < 0) command.notes.push('curl would ask for the password: enter it.');
        break;
      }
      case '--oauth2-bearer':
        command.bearer = value;
        break;
      case '--max-time':
        if (Number(value) > 0) command.timeout = Number(value);
        break;
      case '--get':
        isGet = true;
        break;
      case '--head':
        isHead = true;
        break;
      case '--insecure':
        command.insecure = true;
        break;
      case '--location':
      case '--location-trusted':
        command.followRedirects = true;
        break;
      case '--form':
      case '--form-string':
        addPart(command, value, name === '--form');
        break;
      case '--cert': {
        // The passphrase stands behind the last colon that no backslash hides.
        const parts = /^((?:\\.|[^\\:])+)(?::([\s\S]*))?$/.exec(value);
        command.certificate = {
          ...command.certificate,
          file: (parts?.[1] ?? value).replaceAll('\\:', ':'),
          ...(parts?.[2] !== undefined && { passphrase: parts[2] }),
        };
        break;
      }
      case '--key':
        command.certificate = { file: '', ...command.certificate, key: value };
        break;
      case '--pass':
        command.certificate = { file: '', ...command.certificate, passphrase: value };
        break;
      case '--cacert':
        command.authorities = value;
        break;
      case '--cert-type':
      case '--key-type':
        if (value.toUpperCase() !== 'PEM') command.notes.push(`${name} ${value}: a connector takes PEM. Convert the file with openssl.`);
        break;
      case '--aws-sigv4': {
        const [provider = '', , region = '', service = ''] = value.split(':');
        if (`${value}:`.startsWith('aws:')) command.aws = { region, service };
        else command.notes.push(`Signatures of ${provider} cannot be made by a connector.`);
        break;
      }
      case '--digest':
      case '--ntlm':
      case '--negotiate':
        command.notes.push(`${name} authentication cannot be done by a connector.`);
        break;
      default:
        if (unsupported[name] && !command.notes.includes(unsupported[name])) command.notes.push(unsupported[name]);
    }
  }

  if (urls.length === 0) return { problem: 'The command has no URL.' };
  if (urls.length > 1) command.notes.push(`Only the first of ${urls.length} URLs is taken.`);
  if (command.certificate?.file === '') {
    command.notes.push('A key without its certificate (--cert) proves nothing: it is left out.');
    delete command.certificate;
  }
  if (isGet && hasData) queries.push(...data);
  else if (hasData) command.body = data.join('&');
  if (isJson) {
    addDefault(command, 'content-type', 'application/json');
    addDefault(command, 'accept', 'application/json');
  } else if (command.body !== undefined) addDefault(command, 'content-type', 'application/x-www-form-urlencoded');

  command.url = withQuery(/^[a-z][a-z0-9+.-]*:\/\//i.test(urls[0]!) ? urls[0]! : `http://${urls[0]!}`, queries);
  command.method = (
    command.method ||
    (isHead
      ? 'HEAD'
      : command.body !== undefined
        ? 'POST'
        : command.parts
          ? 'POST'
          : options.some(([name]) => name === '--upload-file')
            ? 'PUT'
            : 'GET')
  ).toUpperCase();
  return command;
}

/** The options of a command with their values, short ones by their long names. URLs are put aside. */
function optionsOf(words: string[], urls: string[], notes: string[]): [string, string][] {
  const options: [string, string][] = [];
  let onlyUrls = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (onlyUrls || word === '-' || !word.startsWith('-')) {
      urls.push(word);
    } else if (word === '--') {
      onlyUrls = true;
    } else if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals > 0 && withValue.has(word.slice(0, equals)) ? word.slice(0, equals) : word;
      if (name !== word) options.push([name, word.slice(equals + 1)]);
      else if (withValue.has(name)) take(name, words[++at]);
      else options.push([name, '']);
    } else {
      for (let letter = 1; letter < word.length; letter++) {
        const name = short[word[letter]!] ?? `-${word[letter]}`;
        if (!withValue.has(name)) {
          options.push([name, '']);
          continue;
        }
        const rest = word.slice(letter + 1);
        take(name, rest === '' ? words[++at] : rest);
        break;
      }
    }
  }
  return options;

  function take(name: string, value: string | undefined) {
    if (value === undefined) notes.push(`${name} has no value.`);
    else options.push([name, value]);
  }
}

function addHeader(command: CurlCommand, text: string): void {
  if (text.startsWith('@')) {
    command.notes.push(`The headers of the file ${text.slice(1)} are not here.`);
    return;
  }
  const colon = text.indexOf(':');
  const semicolon = text.indexOf(';');
  if (colon > 0) {
    const value = text.slice(colon + 1).trim();
    // "Name:" without a value takes out a header that curl would add itself.
    if (value !== '') command.headers.push({ name: text.slice(0, colon).trim(), value });
  } else if (semicolon > 0) command.headers.push({ name: text.slice(0, semicolon).trim(), value: '' });
  else command.notes.push(`'${text}' is no header.`);
}

/** name=value, name=@file, name=<file; with ;type=, ;filename= behind it. --form-string knows neither. */
function addPart(command: CurlCommand, text: string, knowsFiles: boolean): void {
  const equals = text.indexOf('=');
  if (equals <= 0) {
    command.notes.push(`'${text}' is no part of a form.`);
    return;
  }
  const name = text.slice(0, equals);
  const rest = text.slice(equals + 1);
  const parts = (command.parts ??= []);
  if (!knowsFiles) {
    parts.push({ name, value: rest });
    return;
  }
  const { first, attributes } = formValue(rest);
  const contentType = attributes['type'] !== undefined && { contentType: attributes['type'] };
  if (/^[@<]/.test(rest)) {
    const file = first.slice(1);
    if (rest.startsWith('<')) {
      command.notes.push(`The file ${file} of the part ${name} is not here: enter what it holds as its value.`);
      parts.push({ name, value: '', ...contentType });
      return;
    }
    command.notes.push(`The file ${file} of the part ${name} is not here: enter what it holds in base64.`);
    parts.push({ name, filename: attributes['filename'] ?? file.replace(/^.*\//, ''), ...contentType });
    return;
  }
  parts.push({ name, value: first, ...contentType });
}

/** What stands before the first semicolon, perhaps in quotes, and what follows it. */
function formValue(text: string): { first: string; attributes: Record<string, string> } {
  const quoted = /^([@<]?)"((?:[^"\\]|\\.)*)"/.exec(text);
  const plain = /^[^;]*/.exec(text)![0];
  const first = quoted ? quoted[1]! + unescaped(quoted[2]!) : plain;
  const attributes: Record<string, string> = {};
  const rest = text.slice((quoted?.[0] ?? plain).length);
  for (const [, name, inQuotes, bare] of rest.matchAll(
    /;\s*(type|filename)=(?:"((?:[^"\\]|\\.)*)"|((?:[^;]|;(?!\s*(?:type|filename|encoder|headers)=))*))/g,
  ))
    attributes[name!] = inQuotes === undefined ? bare! : unescaped(inQuotes);
  return { first, attributes };
}

const unescaped = (text: string): string => text.replace(/\\(.)/g, '$1');

function addDefault(command: CurlCommand, name: string, value: string): void {
  if (!command.headers.some((header) => header.name.toLowerCase() === name)) command.headers.push({ name, value });
}

/** content, =content, name=content; a file (@) is not here. --url-query knows +text too, which goes out as it is. */
function urlEncoded(value: string, allowsRaw: boolean): string | undefined {
  if (allowsRaw && value.startsWith('+')) return value.slice(1);
  const equals = value.indexOf('=');
  const file = value.indexOf('@');
  if (file >= 0 && (equals < 0 || file < equals)) return undefined;
  if (equals < 0) return encodeURIComponent(value);
  const encoded = encodeURIComponent(value.slice(equals + 1));
  return equals === 0 ? encoded : `${value.slice(0, equals)}=${encoded}`;
}

function withQuery(url: string, queries: string[]): string {
  if (queries.length === 0) return url;
  const hash = url.indexOf('#');
  const [target, fragment] = hash < 0 ? [url, ''] : [url.slice(0, hash), url.slice(hash)];
  const added = queries.join('&');
  return `${target}${target.includes('?') ? (/[?&]$/.test(target) ? '' : '&') : '?'}${added}${fragment}`;
}

const unique = (items: string[]): string[] => [...new Set(items)];
