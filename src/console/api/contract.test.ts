import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../generator/', import.meta.url));

it('the types are those of the document; `npm run types` makes them anew', () => {
  const made = execFileSync(process.execPath, ['types.mjs', '--print'], { cwd: folder, encoding: 'utf8' });
  expect(made).toBe(readFileSync(new URL('./contract.ts', import.meta.url), 'utf8'));
  // A compiler starts in a process of its own: beside other work it has taken five seconds.
}, 60_000);
