import { expect, it } from 'vitest';
import { mostBytes, textOfFile } from './readFile';

const bytes = (...values: number[]): File => new File([new Uint8Array(values)], 'x.json');

it.each([
  ['an empty file', bytes(), 'The file is empty.'],
  ['a picture', bytes(0x89, 0x50, 0x4e, 0x47), /no text in UTF-8/],
  ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0x00), /another encoding/],
  ['zeros', bytes(0x7b, 0x00, 0x7d), /no text/],
  [
    'too large a file',
    { size: mostBytes + 1, arrayBuffer: async () => new ArrayBuffer(0) },
    'The file has 17 megabytes; 16 are read at most.',
  ],
])('%s is refused in words', async (_, file, message) => {
  await expect(textOfFile(file)).rejects.toThrow(message);
});

it('a text is read without its byte order mark', async () => {
  expect(await textOfFile(new File(['\ufeff{ "id": "ü" }'], 'x.json'))).toBe('{ "id": "ü" }');
});
