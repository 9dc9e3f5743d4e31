// Builds the player with its worker, or the stage that it frames. usage: node build.mjs player|stage [OUTFILE]
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { rrweb } from './rrweb.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const BUNDLES = {
  player: { entryPoints: ['src/index.ts'], outfile: 'session-replay-player.js', format: 'esm' },
  // Written into a page, whose policy names it by its hash.
  stage: { entryPoints: ['src/replay/index.ts'], outfile: 'replay-stage.js', format: 'iife' },
};
const name = process.argv[2] ?? 'player';
const bundle = BUNDLES[name];
const outfile = process.argv[3] ?? join(here, 'dist', bundle.outfile);
let isChanged = false;
const options = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: 'es2022',
  legalComments: 'none',
  loader: { '.css': 'text' },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [rrweb(() => (isChanged = true))],
};
if (name === 'player') {
  // The player names its worker by its content: a browser that keeps the worker of another version does not use it.
  const worker = join(dirname(outfile), 'session-replay-player.worker.js');
  await build({ ...options, entryPoints: ['src/loading/worker.ts'], outfile: worker, format: 'iife' });
  options.define.WORKER_VERSION = JSON.stringify(createHash('sha256').update(await readFile(worker)).digest('hex').slice(0, 16));
}
await build({ ...options, ...bundle, outfile });
if (name === 'stage' && !isChanged) {
  throw new Error("rrweb's replayer was not changed: is it bundled from another file?");
}
if (name === 'stage') {
  // Within a page `<!--` would begin a comment. In what esbuild writes the sign stands in literals alone.
  await writeFile(outfile, (await readFile(outfile, 'utf8')).replaceAll('<!--', String.raw`\x3c!--`));
}
