import { expect, test } from 'vitest';
import { Visitor, parseSync, type ESTree } from 'vite';
import { sourcesOf, type Source } from './support/sources.ts';

const MAX_LINE = 140;
const MAX_FILE = 300;
const MAX_FUNCTION = 40;
const MAX_PARAMETERS = 6;

/** A line before may say why a rule does not hold: `// long line: …`, `// long function: …`, `// many parameters: …`. */
const REASON = /\/\/ (long line|long function|many parameters): \S/;

/** The first line may say why a file is longer. */
const REASON_OF_FILE = /^\/\/ long file: \S/;

const code = sourcesOf(/^\w+\/(src\/.*\.ts|[\w.-]+\.mjs)$/);
const tests = sourcesOf(/^\w+\/test\/.*\.(ts|js)$/);

function hasReason(lines: string[], line: number): boolean {
  return REASON.test(lines[line - 2] ?? '');
}

/** The lines of texts and expressions, which a break would change: the pages, scripts and patches of tests and builds. */
function unbreakable({ path, text }: Source): Set<number> {
  const lines = new Set<number>();
  const note = ({ start, end }: { start: number; end: number }): void => {
    if (end - start > 60) {
      const [from, to] = [lineOf(text, start), lineOf(text, end)];
      Array.from({ length: to - from + 1 }, (_, i) => lines.add(from + i));
    }
  };
  new Visitor({ Literal: note, TemplateLiteral: note }).visit(parseSync(path, text).program);
  return lines;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function longLines(source: Source, mayHoldTexts: boolean): string[] {
  const lines = source.text.split('\n');
  const long = lines.flatMap((line, i) => (line.length > MAX_LINE && !hasReason(lines, i + 1) ? [i + 1] : []));
  const texts = long.length > 0 && mayHoldTexts ? unbreakable(source) : new Set<number>();
  return long.filter((line) => !texts.has(line)).map((line) => `${source.path}:${line} has ${lines[line - 1]!.length} characters`);
}

function functionsOf({ path, text }: Source): { place: string; lines: number; parameters: number }[] {
  const all = text.split('\n');
  const found: ReturnType<typeof functionsOf> = [];
  const note = ({ start, end, params }: ESTree.Function | ESTree.ArrowFunctionExpression): void => {
    const from = lineOf(text, start);
    if (!hasReason(all, from)) {
      found.push({ place: `${path}:${from}`, lines: lineOf(text, end) - from + 1, parameters: params.length });
    }
  };
  new Visitor({ FunctionDeclaration: note, FunctionExpression: note, ArrowFunctionExpression: note }).visit(parseSync(path, text).program);
  return found;
}

test(`no line is longer than ${MAX_LINE} characters`, () => {
  expect(code.flatMap((source) => longLines(source, source.path.endsWith('.mjs')))).toEqual([]);
  expect(tests.flatMap((source) => longLines(source, true))).toEqual([]);
});

test(`no file is longer than ${MAX_FILE} lines`, () => {
  const long = [...code, ...tests].filter(({ text }) => !REASON_OF_FILE.test(text))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length })).filter(({ lines }) => lines > MAX_FILE);
  expect(long).toEqual([]);
});

test(`no function is longer than ${MAX_FUNCTION} lines or has more than ${MAX_PARAMETERS} parameters`, () => {
  const all = code.flatMap(functionsOf);
  expect(all.length).toBeGreaterThan(1000);
  expect(all.filter(({ lines, parameters }) => lines > MAX_FUNCTION || parameters > MAX_PARAMETERS)).toEqual([]);
  expect(tests.flatMap(functionsOf).filter(({ parameters }) => parameters > MAX_PARAMETERS)).toEqual([]);
});

test('the rules see what breaks them', () => {
  const path = 'format/src/example.ts';
  const parameters = Array.from({ length: 7 }, (_, i) => `p${i}: number`).join(', ');
  const text = `function f(${parameters}) {\n${'  f();\n'.repeat(40)}}\n// long function: it is an example\nfunction g() {\n${'\n'.repeat(50)}}\n`;
  expect(functionsOf({ path, text })).toEqual([{ place: `${path}:1`, lines: 42, parameters: 7 }]);
  const line = `const a = [${'1, '.repeat(60)}];`;
  expect(
    longLines({ path, text: `${line}\n// long line: it is an example\n${line}\nconst b = '${'x'.repeat(150)}';\n` }, true),
  ).toHaveLength(1);
  expect(longLines({ path, text: `const b = '${'x'.repeat(150)}';\n` }, false)).toHaveLength(1);
});
