import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

/** Keeps client/paraglide as client/messages says. */
function messages(): Plugin {
  const folder = join(import.meta.dirname, 'messages');
  const compile = () => {
    execFileSync(process.execPath, [join(import.meta.dirname, '../setup/compile-messages.mjs')]);
  };
  return {
    name: 'messages',
    buildStart: compile,
    configureServer: ({ watcher }) => {
      watcher.on('change', (path) => {
        if (path.startsWith(folder)) compile();
      });
    },
  };
}

/** `npm run dev:client` serves the pages with hot reload and passes the rest to a running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [messages(), svelte({ configFile: false })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The first that know :dir(); for older ones it would be guessed from the language.
    cssTarget: ['chrome120', 'edge120', 'firefox121', 'safari17'],
    // The content security policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': 'http://localhost:8080',
      '/socket.io': { target: 'http://localhost:8080', ws: true },
    },
  },
});
