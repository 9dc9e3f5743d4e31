import { expect, test } from 'vitest';
import { sourcesOf } from './support/sources.ts';

const sources = sourcesOf(/^\w+\/src\/.*\.ts$/);

/** The first asks only by names that stand in its own source. The second only sets what it reads, and defines `__proto__`. */
const EXCEPTIONS = ['recorder/src/natives.ts', 'format/src/dom/read-dom-events.ts'];

/**
 * Every object's own names are in an object that is looked up in by a name of the page: `constructor` finds a function there. A Map has
 * only what was put in.
 */
test('nothing is looked up by a computed name in an object that was written as a literal', () => {
  const literals = new Set(sources.flatMap(({ text }) =>
    [...text.matchAll(/const (\w+)(?:: .+)? = (?:Object\.freeze\()?\{(?! (?:\.\.\.|\w+, |\w+ \}))/g)].map((match) => match[1]!)));
  const looksUp = (line: string): boolean => {
    const named = [...line.matchAll(/\b(\w+)\[(?!\]|['"\d])/g)].some((match) => literals.has(match[1]!));
    const inPlace = /\}\)?\[(?!\]|['"\d])[^\]]+\]/.test(line.replace(/\$\{[^}]*\}/g, ''));
    return (named || inPlace) && !/^\s*(\/\/|\*|\/\*\*)/.test(line);
  };
  const found = sources.filter(({ path }) => !EXCEPTIONS.includes(path)).flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => (looksUp(line) ? [`${path}:${i + 1} ${line.trim().slice(0, 120)}`] : [])));
  expect(sources.length).toBeGreaterThan(80);
  expect(found).toEqual([]);
});
