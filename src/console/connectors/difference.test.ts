import { describe, expect, it } from 'vitest';
import { differenceOf } from './difference';

const base = '"@method": POST\n"@authority": api.example.com\n"@path": /a%20b\n"@signature-params": ("@method");created=1';

describe('differenceOf', () => {
  it('finds nothing where there is nothing', () => expect(differenceOf(base, base)).toBeUndefined());

  it.each([
    ['POST', 'PUT', 1, 13, undefined],
    ['POST', 'post', 1, 12, 'Only upper and lower case differ.'],
    ['api.example.com', 'api.example.com:443', 2, 30, 'A proxy changed scheme, host or port: take those that the sender asked for.'],
    ['/a%20b', '/a b', 3, 12, 'One of them is percent-decoded: the URL counts as it stands in the request line.'],
    ['"@path": /a%20b\n', '', 3, 3, '"@path" belongs there, not "@signature-params".'],
    ['\n', '\r\n', 1, 16, 'The lines are joined by CR LF; a line feed alone belongs there.'],
    ['created=1', 'created=1\n', 5, 1, 'There is a line feed at the end; none belongs there.'],
  ])('names line, byte and reason: %j in place of %j', (ours, theirs, line, byte, reason) => {
    expect(differenceOf(base, base.replaceAll(ours, theirs))).toMatchObject({ line, byte, reason });
  });

  it('counts bytes, not characters', () => expect(differenceOf('é1', 'é2')).toMatchObject({ line: 1, byte: 3 }));
});
