import { expect, test } from 'vitest';
import { rootOf } from './root';

test.each([
  ['https://login.example.com/console/assets/main-1.js', ''],
  ['https://login.example.com/auth/console/assets/main-1.js', '/auth'],
  ['http://127.0.0.1:5080/a/b%20c/console/assets/main-1.js?x=/y/', '/a/b%20c'],
  ['http://localhost:5173/console/api/root.ts', ''],
  ['file:///home/ada/src/console/api/root.ts', ''],
])('rootOf %s is %j', (file, root) => {
  expect(rootOf(file)).toBe(root);
});
