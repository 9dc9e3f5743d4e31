// Writes src/generated/event_batch.js from docs/format/event_batch.proto; a test fails when the two differ.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const pbf = join(dirname(createRequire(import.meta.url).resolve('pbf')), 'bin', 'pbf');
const proto = join(here, '..', '..', '..', 'docs', 'format', 'event_batch.proto');

/** @returns {string} the generated module */
export function generate() {
  return execFileSync(process.execPath, [pbf, proto], { encoding: 'utf8' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(here, 'src', 'generated', 'event_batch.js'), generate());
}
