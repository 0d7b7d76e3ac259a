import { describe, expect, it } from 'vitest';
import { duration, emptyRequest, phasesOf, toSend, type TestRequest } from './testRequest';

describe('a request to try out', () => {
  const send = (request: Partial<TestRequest>) => toSend({ ...emptyRequest, ...request });

  it('leaves out what is empty', () => expect(send({})).toEqual({ body: { method: 'GET', endpoint: '', bodyType: 'none' } }));

  it('has rows as objects', () => {
    expect(
      send({
        query: [{ name: 'a', value: '1' }],
        headers: [
          { name: 'x', value: '{{form.email}}' },
          { name: '', value: '' },
        ],
      }),
    ).toMatchObject({ body: { query: { a: '1' }, headers: { x: '{{form.email}}' } } });
  });

  it.each<[Partial<TestRequest>, unknown]>([
    [{ bodyType: 'json', body: '{"a":1}' }, { a: 1 }],
    [{ bodyType: 'json', body: '{"a":{{form.x}}}' }, '{"a":{{form.x}}}'],
    [{ bodyType: 'json', body: '{"a":12345678901234567890}' }, '{"a":12345678901234567890}'],
    [{ bodyType: 'json', body: ' ' }, undefined],
    [{ bodyType: 'form', body: '{"a":"x"}' }, { a: 'x' }],
    [{ bodyType: 'text', body: '{"a":1}' }, '{"a":1}'],
    [{ bodyType: 'none', body: 'kept for later' }, undefined],
  ])('%j sends the body %j', (request, body) => expect((send(request) as { body: Record<string, unknown> }).body['body']).toEqual(body));

  it('has parts, and bytes in base64', () => {
    const parts = [{ name: 'a', value: '{{form.a}}' }];
    expect(send({ bodyType: 'multipart', parts, body: 'kept' })).toEqual({
      body: { method: 'GET', endpoint: '', bodyType: 'multipart', parts },
    });
    expect(send({ bodyType: 'binary', body: 'aGk=' })).toMatchObject({ body: { bodyType: 'binary', body: 'aGk=' } });
  });

  it('refuses a context and a form that are no objects, and keeps both as they are', () => {
    expect(send({ context: '[1]', bodyType: 'form', body: 'a=1' })).toMatchObject({
      problems: [{ pointer: '/body' }, { pointer: '/context' }],
    });
    expect(send({ context: '{"form":{"email":"a@b"}}' })).toMatchObject({ body: { context: { form: { email: 'a@b' } } } });
  });
});

describe('the timing bar', () => {
  it('has the phases one after the other, and they fill it', () => {
    const phases = phasesOf({ dnsMs: 10, connectMs: 20, tlsMs: 30, firstByteMs: 90, totalMs: 100 });
    expect(phases.map(({ name, milliseconds, start }) => [name, milliseconds, start])).toEqual([
      ['DNS', 10, 0],
      ['Connect', 20, 10],
      ['TLS', 30, 30],
      ['First byte', 30, 60],
      ['Body', 10, 90],
    ]);
    expect(phases.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(100);
  });

  it('leaves out what did not happen', () => {
    expect(
      phasesOf({ dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: 0, totalMs: 0 }).map(({ name, share }) => [name, share]),
    ).toEqual([
      ['First byte', 0],
      ['Body', 0],
    ]);
  });

  it.each([
    [0.123, '0.12 ms'],
    [12.34, '12.3 ms'],
    [240.4, '240 ms'],
    [1254, '1.25 s'],
  ])('%d is %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));
});
