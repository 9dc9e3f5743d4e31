// Builds the player's bundle. usage: node build.mjs [OUTFILE]
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Texts that stand exactly once in rrweb's replayer, and what takes their place. */
const TEXTS = [
  // Where rrweb looks up the names of elements in a literal, `constructor` would find a function.
  ['const tagMap = {', 'const tagMap = {\n  __proto__: null,'],
  // Played again from the beginning, a page would begin with the sheet that came later: what was recorded stays as it is.
  [/Object\.assign\(\s*newSn\.attributes,\s*mutation\.attributes\s*\);/, 'mirror2.nodeMetaMap.set(target, { ...newSn, attributes: { ...newSn.attributes, ...mutation.attributes } });'],
];
let applied = 0;
const rrweb = {
  name: 'rrweb',
  setup: ({ onLoad }) => onLoad({ filter: /[\\/]@rrweb[\\/]replay[\\/]dist[\\/]replay\.js$/ }, async ({ path }) => {
    let contents = await readFile(path, 'utf8');
    for (const [old, changed] of TEXTS) {
      if (contents.split(old).length !== 2) {
        throw new Error(`rrweb's replayer does not have "${old}" once: look at its new text and change this plugin.`);
      }
      contents = contents.replace(old, () => changed);
      applied++;
    }
    return { contents };
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
if (applied !== TEXTS.length) {
  throw new Error(`${applied} of ${TEXTS.length} changes of rrweb's replayer were made: is it bundled from another file?`);
}
