// Builds dist/: recorder.js (one script tag), recorder.mjs (npm), recorder.worker.js, types/.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { rrweb } from './rrweb.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: 'es2022',
  legalComments: 'none',
  plugins: [rrweb(here)],
  define: { __VERSION__: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
};

await Promise.all([
  build({ ...shared, entryPoints: ['src/iife.ts'], outfile: 'dist/recorder.js', format: 'iife' }),
  build({ ...shared, entryPoints: ['src/index.ts'], outfile: 'dist/recorder.mjs', format: 'esm' }),
  build({ ...shared, entryPoints: ['src/worker.ts'], outfile: 'dist/recorder.worker.js', format: 'iife' }),
]);
if (!process.argv.includes('--no-types')) {
  execFileSync(
    process.execPath,
    [join(here, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here, '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', '..', '--outDir', 'dist/types'],
    { cwd: here, stdio: 'inherit' },
  );
}
