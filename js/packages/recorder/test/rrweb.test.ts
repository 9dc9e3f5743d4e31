import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const { changeRrweb } = (await import(join(import.meta.dirname, '..', 'rrweb.mjs'))) as { changeRrweb: (text: string) => string };
const original = readFileSync(join(import.meta.dirname, '..', '..', '..', 'node_modules', '@rrweb', 'record', 'dist', 'record.js'), 'utf8');

describe('what is changed of rrweb as it is built', () => {
  test('nothing is left that replaces functions of the browser or writes to the console', () => {
    const changed = changeRrweb(original);
    expect(changed).not.toMatch(/\.prototype\.\w+ = |new Proxy\(|\bconsole\.|Array\.from = /);
    expect(changed.length).toBeLessThan(original.length);
  });

  test('no expression takes more time than a text is long', () => {
    const found = [...changeRrweb(original).matchAll(/(?:= |\(|, )\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([gim]*)(?=[,;)])/g)];
    expect(found.length).toBeGreaterThan(5);
    for (const [, source, flags] of found) {
      const expression = new RegExp(source!, flags!.includes('g') ? flags : `${flags}g`);
      for (const part of [
        ' ', 'a', '.', ':', '[', '[a', '[a:', '/*', '/*a*', 'url(', "url('", '*', '\n', '0px', ' background-clip:', '.a', ',', '-',
      ]) {
        for (const lead of ['', 'x', '[', '/*', ' background-clip:']) {
          const began = performance.now();
          (lead + part.repeat(60_000 / part.length) + '\u0000').replace(expression, '');
          expect([source, part, performance.now() - began < 1500]).toEqual([source, part, true]);
        }
      }
    }
  });

  test('a version of rrweb that differs is refused', () => {
    expect(() => changeRrweb(original.replace('function hookSetter(', 'function hookTheSetter('))).toThrow('rrweb has changed');
    expect(() => changeRrweb(original.replace('const mirror = createMirror();', 'const mirror = new Mirror();'))).toThrow(
      'rrweb has changed',
    );
  });

  test.each([
    'Element.prototype.animate = function () {};',
    'Object.defineProperty(Element.prototype, "animate", {});',
    'window.fetch = new Proxy(window.fetch, {});',
    'console.log("x");',
  ])('a version of rrweb that does more is refused: %s', (line) => {
    expect(() => changeRrweb(`${original}\n${line}\n`)).toThrow('must not');
  });
});
