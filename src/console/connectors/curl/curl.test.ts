import { describe, expect, it } from 'vitest';
import { parseCurl, type CurlCommand } from './curl';
import { schema } from '../../test/login';
import { curlTargetOf } from '../roles';
import { fromCurl } from './fromCurl';
import { shellWords } from './shellWords';

describe('words of a shell', () => {
  it.each<[string, string[]]>([
    [`a b  c`, ['a', 'b', 'c']],
    [`'a b' "c d"`, ['a b', 'c d']],
    [`a'b'"c"d`, ['abcd']],
    [`'' ""`, ['', '']],
    [`'it'\\''s'`, ["it's"]],
    [`"a \\"b\\" \\\\ \\n"`, ['a "b" \\ \\n']],
    [`a\\ b \\'c`, ['a b', "'c"]],
    ['a \\\n  b \\\r\n c', ['a', 'b', 'c']],
    ['"a\\\nb"', ['ab']],
    [`$'a\\nb\\t\\'c\\''`, ["a\nb\t'c'"]],
    [`$'\\u00e4\\x41\\101\\u20ac'`, ['äAA€']],
    [`$'\\xc3\\xa4'`, ['ä']],
    [`$'\\ud83d\\ude00' $'\\U0001F600'`, ['😀', '😀']],
    [`'{"a":"$x"}'`, ['{"a":"$x"}']],
    [`a # comment`, ['a']],
    [`a#b`, ['a#b']],
    [`a | b`, ['a']],
    [`a 2>/dev/null`, ['a']],
    [`a; b`, ['a']],
    ['a\nb', ['a']],
    ['\n\na b', ['a', 'b']],
  ])('%j', (text, words) => expect(shellWords(text).words).toEqual(words));

  it.each<[string, string[], string[]]>([
    ['"Bearer $TOKEN"', ['Bearer $TOKEN'], ['$TOKEN']],
    ['${A}/$(cat x)/`id`', ['${A}/$(cat x)/`id`'], ['${A}', '$(cat x)', '`id`']],
    ["'$A'", ['$A'], []],
    ['$5 costs', ['$5', 'costs'], []],
  ])('keeps what a shell would replace: %s', (text, words, unresolved) => expect(shellWords(text)).toEqual({ words, unresolved }));

  it.each(["'open", '"open', "$'open"])('says that %s is not closed', (text) => expect(shellWords(text).problem).toMatch(/not closed/));
});

const parse = (text: string): CurlCommand => {
  const command = parseCurl(text);
  if ('problem' in command) throw new Error(command.problem);
  return command;
};

describe('cURL commands', () => {
  it.each<[string, Partial<CurlCommand>]>([
    ['curl https://a.example/x', { method: 'GET', url: 'https://a.example/x', headers: [] }],
    ['$ curl a.example', { url: 'http://a.example' }],
    ['/usr/bin/curl -sSfL --compressed https://a.example', { method: 'GET', followRedirects: true, url: 'https://a.example' }],
    ['curl -X DELETE https://a.example', { method: 'DELETE' }],
    ['curl -XPUT https://a.example', { method: 'PUT' }],
    ['curl -sXpatch https://a.example', { method: 'PATCH' }],
    ['curl -I https://a.example', { method: 'HEAD' }],
    ['curl -k https://a.example', { insecure: true }],
    ['curl --max-time 5 https://a.example', { timeout: 5 }],
    ['curl --url https://a.example/y -o out.json', { url: 'https://a.example/y', notes: [] }],
    ['curl -- https://a.example', { url: 'https://a.example' }],
    [
      `curl -H 'X-A: 1' -H"x-b:2" -HX-C:3 https://a.example`,
      {
        headers: [
          { name: 'X-A', value: '1' },
          { name: 'x-b', value: '2' },
          { name: 'X-C', value: '3' },
        ],
      },
    ],
    [`curl -H 'X-Empty;' -H 'Accept:' https://a.example`, { headers: [{ name: 'X-Empty', value: '' }] }],
    [
      `curl -A agent -e http://r.example -b 'a=1; b=2' https://a.example`,
      {
        headers: [
          { name: 'user-agent', value: 'agent' },
          { name: 'referer', value: 'http://r.example' },
          { name: 'cookie', value: 'a=1; b=2' },
        ],
      },
    ],
    [
      `curl -d a=1 -d b=2 https://a.example`,
      { method: 'POST', body: 'a=1&b=2', headers: [{ name: 'content-type', value: 'application/x-www-form-urlencoded' }] },
    ],
    [`curl --data-raw '@x' https://a.example`, { body: '@x', notes: [] }],
    [
      `curl --json '{"a":1}' https://a.example`,
      {
        method: 'POST',
        body: '{"a":1}',
        headers: [
          { name: 'content-type', value: 'application/json' },
          { name: 'accept', value: 'application/json' },
        ],
      },
    ],
    [`curl --json '{"a"' --json ':1}' https://a.example`, { body: '{"a":1}' }],
    [`curl --data-urlencode 'q=a b&c' --data-urlencode 'x y' https://a.example`, { body: 'q=a%20b%26c&x%20y' }],
    [`curl -G -d a=1 --data-urlencode 'q=a b' https://a.example/s`, { method: 'GET', url: 'https://a.example/s?a=1&q=a%20b', headers: [] }],
    [`curl --url-query 'q=a b' --url-query +x=%20 'https://a.example/s?z=1#f'`, { url: 'https://a.example/s?z=1&q=a%20b&x=%20#f' }],
    [`curl -u ada:pa:ss https://a.example`, { user: { name: 'ada', password: 'pa:ss' } }],
    [`curl --oauth2-bearer tok https://a.example`, { bearer: 'tok' }],
    [`curl -E c.pem:open --key k.pem https://a.example`, { certificate: { file: 'c.pem', passphrase: 'open', key: 'k.pem' } }],
    [`curl --pass open --cert 'c\\:d.pem' https://a.example`, { certificate: { file: 'c:d.pem', passphrase: 'open' } }],
    [`curl --cacert ca.pem https://a.example`, { authorities: 'ca.pem', notes: [] }],
    [`curl --aws-sigv4 aws:amz:eu-central-1:lambda -u id:key https://a.example`, { aws: { region: 'eu-central-1', service: 'lambda' } }],
    [
      `curl -F a=1 -F 'b="x;y";type=text/x' -F 'c=@p/q.png;type=image/png;filename="a b.png"' --form-string 'd=@x;type=y' https://a.example`,
      {
        method: 'POST',
        headers: [],
        parts: [
          { name: 'a', value: '1' },
          { name: 'b', value: 'x;y', contentType: 'text/x' },
          { name: 'c', filename: 'a b.png', contentType: 'image/png' },
          { name: 'd', value: '@x;type=y' },
        ],
      },
    ],
    [
      `curl -F 'a=@dir/f.bin' -F 'b=x;type=text/plain; charset=utf-8' https://a.example`,
      {
        parts: [
          { name: 'a', filename: 'f.bin' },
          { name: 'b', value: 'x', contentType: 'text/plain; charset=utf-8' },
        ],
      },
    ],
    ['curl https://a.example \\\n  -H "x: 1" \\\n  --data-raw $\'{"a":"it\\\'s"}\'', { body: `{"a":"it's"}`, method: 'POST' }],
    ['curl -d x https://a.example | jq .', { url: 'https://a.example', body: 'x' }],
  ])('%s', (text, expected) => expect(parse(text)).toMatchObject(expected));

  it.each<[string, RegExp]>([
    ['', /begins with curl/],
    ['wget https://a.example', /begins with 'wget'/],
    ['curl -H "x: 1"', /no URL/],
    [`curl 'https://a.example`, /not closed/],
    ['curl ^"https://a.example^"', /Windows/],
  ])('%j cannot be read', (text, problem) => expect(parseCurl(text)).toEqual({ problem: expect.stringMatching(problem) }));

  it.each<[string, RegExp]>([
    ['curl -F a=@b https://a.example', /file b of the part a .* base64/],
    [`curl -F 'a=<b' https://a.example`, /file b of the part a .* value/],
    ['curl -F ab https://a.example', /no part of a form/],
    ['curl --key k.pem https://a.example', /without its certificate/],
    ['curl -E c.p12 --cert-type P12 https://a.example', /PEM/],
    ['curl --capath /etc/ssl https://a.example', /--capath/],
    ['curl --aws-sigv4 osc:osc:eu:api -u a:b https://a.example', /osc/],
    ['curl -T file https://a.example', /-T/],
    ['curl -d @body.json https://a.example', /body\.json/],
    ['curl -H "Authorization: Bearer $TOKEN" https://a.example', /\$TOKEN/],
    ['curl https://a.example https://b.example', /first of 2/],
    ['curl -x http://p https://a.example', /Egress:Proxies/],
    ['curl --digest -u a:b https://a.example', /--digest/],
    ['curl -u ada https://a.example', /password/],
  ])('%s: says what is lost', (text, note) => expect(parse(text).notes.join('\n')).toMatch(note));
});

/** As the server's schema has it. */
const http = curlTargetOf(schema.connectors.find((type) => type.credentialHeaders.length > 0)!, schema.definitions)!;

describe('a connector of a cURL command', () => {
  const read = (text: string, base?: string) => fromCurl(parse(text), http, base);

  it('splits the URL into base URL and endpoint', () => {
    const { configuration, request } = read('curl "HTTPS://API.example.com:8443/v2/users/a%20b?x=1&y=2#f"');
    expect(configuration).toEqual({ baseUrl: 'https://API.example.com:8443' });
    expect(request).toMatchObject({ method: 'GET', endpoint: '/v2/users/a%20b?x=1&y=2', bodyType: 'none', headers: [] });
  });

  it.each([
    ['https://api.example.com/v2/', 'https://api.example.com/v2', '/users'],
    ['https://api.example.com/v', 'https://api.example.com', '/v2/users'],
    ['https://other.example.com', 'https://api.example.com', '/v2/users'],
    ['', 'https://api.example.com', '/v2/users'],
  ])('with the base URL %s', (known, baseUrl, endpoint) => {
    const { configuration, request } = read('curl https://api.example.com/v2/users', known);
    expect([configuration['baseUrl'], request.endpoint]).toEqual([baseUrl, endpoint]);
  });

  it.each<[string, object]>([
    [`-H 'Authorization: Bearer abc.def'`, { method: 'bearerToken', bearerToken: 'abc.def' }],
    [`-H 'authorization: basic YWRhOnDDpHNzOjE='`, { method: 'basic', basic: { username: 'ada', password: 'päss:1' } }],
    [`-H 'Authorization: Token abc'`, { method: 'apiKey', apiKey: { key: 'authorization', token: 'Token abc' } }],
    [`-u ada:secret`, { method: 'basic', basic: { username: 'ada', password: 'secret' } }],
    [`--oauth2-bearer tok`, { method: 'bearerToken', bearerToken: 'tok' }],
    [`-H 'X-API-Key: k'`, { method: 'apiKey', apiKey: { key: 'x-api-key', token: 'k' } }],
    [`-H 'Ocp-Apim-Subscription-Key: k'`, { method: 'apiKey', apiKey: { key: 'ocp-apim-subscription-key', token: 'k' } }],
  ])('%s is a secret of the connector, not a header', (option, authentication) => {
    const { configuration, request } = read(`curl ${option} https://a.example`);
    expect(configuration['authentication']).toEqual(authentication);
    expect(request.headers).toEqual([]);
  });

  it('takes credentials out of the URL', () => {
    const { configuration } = read('curl https://ada:p%40ss@a.example/x');
    expect(configuration).toEqual({
      baseUrl: 'https://a.example',
      authentication: { method: 'basic', basic: { username: 'ada', password: 'p@ss' } },
    });
  });

  it('does not take every header for a key', () => {
    expect(
      read(`curl -H 'x-tenant: a' -H 'idempotency-key: 1' -H 'x-monkey: 2' https://a.example`).configuration['authentication'],
    ).toBeUndefined();
  });

  it.each<[string, { bodyType: string; body: string; headers?: object[] }]>([
    [`--json '{"a":1}'`, { bodyType: 'json', body: '{\n  "a": 1\n}', headers: [{ name: 'accept', value: 'application/json' }] }],
    [
      `-d '{"a":12345678901234567890}' -H 'content-type: application/json; charset=utf-8'`,
      { bodyType: 'json', body: '{"a":12345678901234567890}', headers: [] },
    ],
    [
      `-d '{"a":1}' -H 'content-type: application/merge-patch+json'`,
      { bodyType: 'json', body: '{\n  "a": 1\n}', headers: [{ name: 'content-type', value: 'application/merge-patch+json' }] },
    ],
    [`-d 'a=x+y&b=%C3%A4'`, { bodyType: 'form', body: '{\n  "a": "x y",\n  "b": "ä"\n}', headers: [] }],
    [
      `-d 'a=1&a=2'`,
      { bodyType: 'text', body: 'a=1&a=2', headers: [{ name: 'content-type', value: 'application/x-www-form-urlencoded' }] },
    ],
    [`-d '{"a":1}'`, { bodyType: 'json', body: '{\n  "a": 1\n}', headers: [] }],
    [
      `-d '<x/>' -H 'Content-Type: application/xml'`,
      { bodyType: 'text', body: '<x/>', headers: [{ name: 'content-type', value: 'application/xml' }] },
    ],
    [`-d 'hello' -H 'Content-Type: text/plain'`, { bodyType: 'text', body: 'hello', headers: [] }],
  ])('the body of %s', (options, expected) => expect(read(`curl ${options} https://a.example`).request).toMatchObject(expected));

  it('leaves out what a browser or the transport adds', () => {
    const command =
      `curl 'https://a.example/x' -H 'sec-fetch-mode: cors' -H 'sec-ch-ua: "X"' ` +
      `-H 'Content-Length: 3' -H 'accept: */*' -H 'Accept-Encoding: br' --compressed`;
    expect(read(command).request.headers).toEqual([{ name: 'accept', value: '*/*' }]);
  });

  it('takes over -k and -L, and warns of the first', () => {
    const { configuration, notes } = read('curl -kL https://a.example');
    expect(configuration).toMatchObject({ insecure: true, followRedirects: true });
    expect(notes.join()).toMatch(/any certificate/);
  });

  it('takes certificates and authorities as files of the server', () => {
    const { configuration, notes } = read('curl --cert c.pem --key k.pem --pass open --cacert ca.pem https://a.example');
    expect(configuration).toEqual({
      baseUrl: 'https://a.example',
      clientCertificate: 'file:c.pem',
      clientKey: 'file:k.pem',
      clientKeyPassphrase: 'open',
      caCertificates: 'file:ca.pem',
    });
    expect(notes).toEqual([expect.stringMatching(/c\.pem, k\.pem, ca\.pem.*server/)]);
    expect(read('curl --cert both.pem https://a.example').configuration).toMatchObject({
      clientCertificate: 'file:both.pem',
      clientKey: 'file:both.pem',
    });
  });

  it('takes the key of an AWS signature', () => {
    const { configuration, request } = read(
      `curl --aws-sigv4 aws:amz:eu-central-1:lambda -u AKID:s3 -H 'X-Amz-Security-Token: t' https://a.example`,
    );
    expect(configuration).toEqual({
      baseUrl: 'https://a.example',
      aws: { accessKeyId: 'AKID', secretAccessKey: 's3', sessionToken: 't', region: 'eu-central-1', service: 'lambda' },
    });
    expect(request.headers).toEqual([]);
    expect(read(`curl --aws-sigv4 aws:amz -u AKID:s3 https://a.example`).notes.join()).toMatch(/region or service/);
  });

  it('takes a form as parts', () => {
    const { request } = read(`curl -F t=1 -F 'p=@x.png;type=image/png' -H 'Content-Type: multipart/form-data' https://a.example`);
    expect(request).toMatchObject({
      method: 'POST',
      bodyType: 'multipart',
      headers: [],
      parts: [
        { name: 't', value: '1' },
        { name: 'p', file: '', filename: 'x.png', contentType: 'image/png' },
      ],
    });
  });

  it('says which headers it leaves out', () => {
    const { request, notes } = read(`curl -H 'x-a: 1' -H 'X-A: 2' -H 'Host: other' -b s=1 https://a.example`);
    expect(request.headers).toEqual([
      { name: 'x-a', value: '1' },
      { name: 'cookie', value: 's=1' },
    ]);
    expect(notes).toHaveLength(3);
  });

  it('no method that cannot be sent', () =>
    expect(read('curl -X PURGE https://a.example')).toMatchObject({ request: { method: 'GET' }, notes: [expect.stringMatching(/PURGE/)] }));
});
