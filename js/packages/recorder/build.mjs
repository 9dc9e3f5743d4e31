// Builds dist/: recorder.js (one script tag), recorder.mjs (npm), recorder.worker.js, recorder.later.mjs,
// recorder.fallback.mjs, types/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { replaceOnce } from '../../replace-once.mjs';
import { natives } from './natives.mjs';
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

// A worker's globals are nobody else's.
const { define, inject, plugin } = natives(here);
const page = { ...shared, inject, plugins: [...shared.plugins, plugin], define: { ...shared.define, ...define } };

await Promise.all([
  build({ ...page, entryPoints: ['src/iife.ts'], outfile: 'dist/recorder.js', format: 'iife' }),
  build({ ...page, entryPoints: ['src/index.ts'], outfile: 'dist/recorder.mjs', format: 'esm' }),
  build({ ...page, entryPoints: ['src/later.ts'], outfile: 'dist/recorder.later.mjs', format: 'esm' }),
  build({ ...page, entryPoints: ['src/fallback.ts'], outfile: 'dist/recorder.fallback.mjs', format: 'esm' }),
  build({ ...shared, entryPoints: ['src/worker.ts'], outfile: 'dist/recorder.worker.js', format: 'iife' }),
]);
// A page's bundler leaves the import of the fallback alone: esbuild drops the comments that say so.
const module = join(here, 'dist', 'recorder.mjs');
const ignored = replaceOnce(readFileSync(module, 'utf8'), /import\((?=\w+\))/, 'import(/* webpackIgnore: true *//* @vite-ignore */');
writeFileSync(module, ignored);
if (!process.argv.includes('--no-types')) {
  const emitted = mkdtempSync(join(tmpdir(), 'recorder-types-'));
  try {
    execFileSync(
      process.execPath,
      [
        join(here, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc'), '-p', here, '--noEmit', 'false', '--declaration',
        '--emitDeclarationOnly', '--rootDir', '..', '--outDir', emitted,
      ],
      { cwd: here, stdio: 'inherit' },
    );
    rmSync(join(here, 'dist', 'types'), { recursive: true, force: true });
    mkdirSync(join(here, 'dist', 'types'), { recursive: true });
    copyTypes(join(emitted, 'recorder', 'src'), 'index', new Set());
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/**
 * Copies the declarations that are reached from a module. None may name a package: all that the recorder needs is bundled, and no page has
 * it.
 */
function copyTypes(from, name, copied) {
  if (copied.has(name)) {
    return;
  }
  copied.add(name);
  const text = readFileSync(join(from, `${name}.d.ts`), 'utf8').replace(/(from |import\()'([^']+)'/g, (_, keyword, specifier) => {
    const [, module] = /^\.\/([\w-]+)\.ts$/.exec(specifier) ?? [];
    if (!module) {
      throw new Error(`The public types name '${specifier}' in ${name}.ts: it would not resolve where the module is installed.`);
    }
    copyTypes(from, module, copied);
    return `${keyword}'./${module}.js'`;
  });
  writeFileSync(join(here, 'dist', 'types', `${name}.d.ts`), text);
}
