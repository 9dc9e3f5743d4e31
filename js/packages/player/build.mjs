// Builds the player's bundle. usage: node build.mjs [OUTFILE]
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Where rrweb looks up the names of elements in a literal, `constructor` finds a function. */
const LITERAL = 'const tagMap = {';
let changed = 0;
const rrweb = {
  name: 'rrweb',
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]@rrweb[\\/]replay[\\/]dist[\\/]replay\.js$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8');
    changed += text.split(LITERAL).length - 1;
    return { contents: text.replace(LITERAL, `${LITERAL}\n  __proto__: null,`) };
  }),
};

const here = dirname(fileURLToPath(import.meta.url));
await build({
  absWorkingDir: here,
  entryPoints: ['src/index.ts'],
  outfile: process.argv[2] ?? join(here, 'dist', 'session-replay-player.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  loader: { '.css': 'text' },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [rrweb],
});
if (changed !== 1) {
  throw new Error(`rrweb's replayer has ${changed} times "${LITERAL}": look at its new text and change this plugin.`);
}
