import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { mapCss } from '../src/index.ts';
import { sourcesOf, type Source } from './support/sources.ts';

/** Long enough that time which grows with the square of the length is minutes, and time which grows with the length milliseconds. */
const LENGTH = 60_000;
const MAX_MS = 1500;

const sources = sourcesOf(/^\w+\/src\/.*\.ts$/);

/** The regular expressions of a source, written or made of texts. */
function expressions({ path, text }: Source): [file: string, expression: string, flags: string][] {
  const { code } = transformSync(text, {
    loader: 'ts', minifySyntax: false, minifyWhitespace: true, legalComments: 'none',
  });
  const found: [string, string, string][] = [];
  for (const { 1: source, 2: flags } of code.matchAll(
    /(?<=[(,=:[!&|?{};]|return)\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[.,;)\]}:]|$)/gm,
  )) {
    found.push([path, source!, flags!]);
  }
  return found;
}

/** What an expression may be slow on: its own literal parts and what its classes stand for, over and over, after what leads it there. */
function* hostile(source: string): Generator<string> {
  const literal = source
    .replace(/\\([ntrfsSdDwWbB])/g, (_, c: string) => ({ s: ' ', d: '1', w: 'a', n: '\n', t: '\t', r: '\r', f: '\f' })[c] ?? '')
    .replace(/[\\^$()[\]{}?*+|]/g, (c, i: number) => (source[i - 1] === '\\' ? c : ''));
  const parts = new Set([
    ' ', 'a', '1', '\n', '"', "'", '(', '/', '\\', '*', '@', '=', '&', '-', '.', ';',
    ...[1, 3].flatMap((n) => [...literal.slice(0, 40)].map((_, i) => literal.slice(i, i + n))),
  ]);
  const leads = new Set(['', literal.slice(0, 4), 'a']);
  for (const lead of leads) {
    for (const part of parts) {
      if (part !== '') {
        yield lead + part.repeat(LENGTH / part.length);
        yield `${lead + part.repeat(LENGTH / part.length)}\u0000`;
      }
    }
  }
}

describe('no expression takes more time than its text is long', () => {
  const all = sources.flatMap(expressions);

  test('the sources are read', () => {
    expect(all.length).toBeGreaterThan(30);
    expect(all.some(([file]) => file.endsWith('css-urls.ts'))).toBe(true);
  });

  test.each(all)('%s: /%s/%s', (_, source, flags) => {
    const expression = new RegExp(source, flags.includes('g') ? flags : `${flags}g`);
    for (const text of hostile(source)) {
      const began = performance.now();
      expression.lastIndex = 0;
      text.replace(expression, '');
      expect([text.slice(0, 12), performance.now() - began < MAX_MS]).toEqual([text.slice(0, 12), true]);
    }
  });

  test.each([
    'url(', 'url("', "url('", '@import ', '@import url(', '/*', '\\', '"', 'url(\\', '\\41 ', 'url(a b', 'url("a"', ')', '/*"', ';', '(',
    '{',
  ])('the scanner of CSS: %j', (part) => {
    for (const lead of ['', 'url(', '@import ', '"']) {
      const began = performance.now();
      mapCss(lead + part.repeat(LENGTH) + ' '.repeat(LENGTH), { url: () => 'x', dropImports: true });
      expect(performance.now() - began).toBeLessThan(MAX_MS);
    }
  });
});
