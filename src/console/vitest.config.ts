import { defineConfig } from 'vitest/config';

// What has no DOM is tested in Node: graph model, path suggestions, forms'
// logic. Pages are tested in a browser, see tests/FlowEngine.Console.Tests.
export default defineConfig({ test: { environment: 'node', include: ['**/*.test.ts'], exclude: ['node_modules', 'dist'] } });
