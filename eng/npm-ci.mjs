// Runs `npm ci` in js/ when it is needed, once at a time: several builds may ask for it at the same moment.
import { execSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'js');
const lock = join(root, '.npm-ci.lock');
const staleAfterMs = 15 * 60_000;

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isInstalled = () => modified(join(root, 'node_modules', '.package-lock.json')) >= modified(join(root, 'package-lock.json'));

function tryLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    // Left behind by a build that was killed.
    if (Date.now() - modified(lock) > staleAfterMs) rmdirSync(lock);
    return false;
  }
}

const deadline = Date.now() + 2 * staleAfterMs;
while (!tryLock()) {
  if (Date.now() > deadline) throw new Error(`Another build holds ${lock}. Remove it if none is running.`);
  await new Promise((resolve) => setTimeout(resolve, 500));
}
try {
  if (!isInstalled()) execSync('npm ci --ignore-scripts --no-audit --no-fund', { cwd: root, stdio: 'inherit' });
} finally {
  rmdirSync(lock);
}
