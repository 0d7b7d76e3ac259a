import react from '@vitejs/plugin-react';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Puts .br and .gz files beside what compresses, so that the server never has to. Not the page: the server writes its own path into it. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir }) {
      for (const name of readdirSync(dir!, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const file = join(dir!, name);
        const content = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(content));
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

// The server serves dist/ as console/ below whatever path it has, so what is built names its files relatively; index.html gets that path
// from
// the server.
// `npm run dev` sends the API's calls to a server on its usual address.
export default defineConfig(({ command }) => ({
  base: command === 'build' ? './' : '/console/',
  plugins: [react(), precompress()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  // Some pages show a part of docs/, so that there is one source.
  server: { fs: { allow: ['.', '../../docs'] }, proxy: { '/api': 'http://127.0.0.1:5080', '/login': 'http://127.0.0.1:5080' } },
}));
