import { describe, expect, it } from 'vitest';
import { schema } from '../test/login';
import { differences, fileOf, headerOf, idOf, withHeader } from './definition';
import { curlTargetOf, dangersOf, settingOf, warningOf, warningsOf } from './roles';
import { hexOf, partsOf, recommendedTemplate } from './signature';
import { messageVerifiers, readVerifiers, verifiers } from './verifiers';

describe('a connector as a file', () => {
  it('reads stored secrets from the environment, and holds no mask', () => {
    const configuration = {
      baseUrl: 'https://a.example',
      authentication: { method: 'bearer', bearerToken: '***' },
      hmacSecret: 'env:HMAC',
      headers: [{ key: 'x', value: 'y' }],
    };
    expect(fileOf({ id: 'profile-api', type: 'http', configuration })).toEqual({
      id: 'profile-api',
      type: 'http',
      configuration: { ...configuration, authentication: { method: 'bearer', bearerToken: 'env:PROFILE_API_AUTHENTICATION_BEARER_TOKEN' } },
    });
  });
});

describe('what settings are to a page that knows none by name', () => {
  const [http, sql] = ['request', 'connection'].map((trial) => schema.connectors.find((type) => type.trial === trial)!);

  it('is told by their roles', () => {
    expect(settingOf(http!, 'signature')?.element?.kind).toBe('secret');
    expect(settingOf(sql!, 'signature')).toBeUndefined();
    expect(curlTargetOf(sql!, schema.definitions)).toBeUndefined();
  });

  it('is dangerous with one value, and called so', () => {
    const { name } = settingOf(http!, 'anyCertificate')!;
    expect(dangersOf(http!, { [name]: true }).map(warningOf)).toEqual(['Trusts any certificate']);
    expect(dangersOf(http!, { [name]: false })).toEqual([]);
    expect(warningsOf(http, [name, 'gone'])).toEqual(['Trusts any certificate']);
    expect(warningsOf(undefined, [name])).toEqual([]);
  });
});

describe('verifiers', () => {
  it('of message signatures are those of docs/message-signatures.md, whole', () => {
    expect(messageVerifiers.map(({ name }) => name)).toEqual(['C#', 'Node', 'Python', 'Go']);
    for (const { code } of messageVerifiers) expect(code).toContain('@signature-params');
  });

  it('are those of docs/hmac.md, whole', () => {
    expect(verifiers.map(({ name }) => name)).toEqual(['C#', 'Node', 'Python', 'Go']);
    expect(verifiers.map(({ code }) => code.split('\n')[0])).toEqual([
      'using System.Security.Cryptography;',
      "const crypto = require('node:crypto');",
      'import base64',
      'package webhook',
    ]);
    expect(verifiers.map(({ code }) => code.split('\n').at(-1))).toEqual([
      '}',
      '}',
      '    return timestamp.isdigit() and abs(time.time() - int(timestamp)) <= 300',
      '}',
    ]);
    for (const { code } of verifiers) expect(code).toContain('x-descope-webhook-s256');
  });

  it('end where their section ends', () => {
    const page = '## Verifiers\n\nEach.\n\n### A\n\nTakes\nit.\n\n```js\nx\n```\n\n## Else\n\n### B\n\n```js\ny\n```\n';
    expect(readVerifiers(page)).toEqual([{ name: 'A', notes: 'Takes it.', code: 'x' }]);
  });
});

describe('signed parts', () => {
  const request = {
    method: 'post',
    url: 'https://api.example.com:8443/v2/a%20b?x=1',
    headers: { 'x-descope-timestamp': ' 1700000000 ' },
    body: '{"a":1}',
  };

  it('are the elements of the template with their values', () => {
    expect(partsOf(recommendedTemplate, request).map(({ element, value }) => [element, value])).toEqual([
      ['METHOD', 'POST'],
      ['URI', '/v2/a%20b?x=1'],
      ['HEADER_x-descope-timestamp', '1700000000'],
      ['BODY', '{"a":1}'],
    ]);
  });

  it('are the body alone without a template', () =>
    expect(partsOf(' ', { ...request, body: null })).toMatchObject([{ element: 'BODY', value: '' }]));

  it.each([
    ['https://a.example', '/'],
    ['https://a.example?x=1', '/?x=1'],
    ['https://a.example/', '/'],
  ])('the URI of %s is %s', (url, uri) => {
    expect(partsOf('URI', { ...request, url })[0]!.value).toBe(uri);
  });

  it('of an unknown element say so', () =>
    expect(partsOf('PATH')[0]).toMatchObject({ meaning: expect.stringContaining('Unknown'), value: undefined }));

  it('are shown byte by byte', () => {
    const { lines, bytes } = hexOf('POST/ü\n0123456789abc');
    expect(bytes).toBe(21);
    expect(lines).toEqual([
      { offset: '00000000', hex: '50 4f 53 54 2f c3 bc 0a  30 31 32 33 34 35 36 37', text: 'POST/...01234567' },
      { offset: '00000010', hex: '38 39 61 62 63', text: '89abc' },
    ]);
  });

  it('that are many are cut', () => expect(hexOf('x'.repeat(100), 20)).toMatchObject({ bytes: 100, lines: { length: 2 } }));
});

describe('definitions', () => {
  it.each([
    ['Profile API', 'profile-api'],
    ['  Größe & Maß (2) ', 'gro-e-ma-2'],
    ['Éléonore', 'eleonore'],
    ['!!!', ''],
    ['x'.repeat(120), 'x'.repeat(100)],
  ])('the id of "%s" is "%s"', (name, id) => expect(idOf(name)).toBe(id));

  it('get and lose a header', () => {
    const plain = { id: 'a', configuration: { baseUrl: 'x', headers: [{ key: 'X-A', value: '1' }] } };
    const signed = withHeader(plain, 'headers', 'x-sig', 'BODY');
    expect(headerOf(signed, 'headers', 'x-sig')).toBe('BODY');
    expect(headerOf(withHeader(signed, 'headers', 'x-sig', 'URI'), 'headers', 'x-sig')).toBe('URI');
    expect(withHeader(signed, 'headers', 'x-sig', '')).toEqual(plain);
    expect(withHeader(plain, 'headers', 'x-a', '')).toEqual({ id: 'a', configuration: { baseUrl: 'x' } });
  });

  it('differ by their smallest members', () => {
    const mine = { name: 'A', configuration: { baseUrl: 'x', headers: [1] } };
    const theirs = { name: 'A', configuration: { baseUrl: 'y', headers: [1], insecure: true } };
    expect(differences(mine, theirs)).toEqual([
      { pointer: '/configuration/baseUrl', mine: 'x', theirs: 'y' },
      { pointer: '/configuration/insecure', mine: undefined, theirs: true },
    ]);
    expect(differences(mine, mine)).toEqual([]);
  });
});
