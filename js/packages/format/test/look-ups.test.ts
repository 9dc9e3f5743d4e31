import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const packages = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['format', 'player', 'recorder'].flatMap((name) => readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ts$/.test(file)).map((file) => join(name, 'src', file)));
const text = (file: string): string => readFileSync(join(packages, file), 'utf8');

/** Asks only by names that stand in its own source. */
const OWN_NAMES = join('recorder', 'src', 'natives.ts');

/** Every object's own names are in an object that is looked up in by a name of the page: `constructor` finds a function there. A Map has only what was put in. */
test('nothing is looked up by a computed name in an object that was written as a literal', () => {
  const literals = new Set(sources.flatMap((file) => [...text(file).matchAll(/const (\w+)(?:: .+)? = (?:Object\.freeze\()?\{(?! (?:\.\.\.|\w+, |\w+ \}))/g)].map((match) => match[1]!)));
  const found = sources.filter((file) => file !== OWN_NAMES).flatMap((file) => text(file).split('\n').flatMap((line, i) => {
    const named = [...line.matchAll(/\b(\w+)\[(?!\]|['"\d])/g)].some((match) => literals.has(match[1]!));
    const inPlace = /\}\)?\[(?!\]|['"\d])[^\]]+\]/.test(line.replace(/\$\{[^}]*\}/g, ''));
    return (named || inPlace) && !/^\s*(\/\/|\*|\/\*\*)/.test(line) ? [`${file}:${i + 1} ${line.trim().slice(0, 120)}`] : [];
  }));
  expect(sources.length).toBeGreaterThan(80);
  expect(found).toEqual([]);
});
