import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../..', import.meta.url));

/** A file of a package, by its path below `packages`. */
export interface Source {
  path: string;
  text: string;
}

/** Reads the files of all packages that are written by hand and whose path matches. */
export function sourcesOf(pattern: RegExp): Source[] {
  return ['format', 'player', 'recorder'].flatMap((name) => readdirSync(join(packages, name), { recursive: true, encoding: 'utf8' })
    .map((file) => join(name, file))
    .filter((path) => pattern.test(path) && !/node_modules|\bdist\b|\bgenerated\b|\.d\.ts$/.test(path)))
    .map((path) => ({ path, text: readFileSync(join(packages, path), 'utf8') }));
}
