import { describe, expect, test } from 'vitest';
import { mapCss, mapCssUrls } from '../src/index.ts';

const marked = (css: string): string => mapCss(css, { url: (url) => `[${url}]`, dropImports: true });

describe('addresses in CSS', () => {
  test.each([
    ['a{b:url(x.png)}', 'a{b:url("[x.png]")}'],
    ['a{b:url( "x y.png" )}', 'a{b:url("[x y.png]")}'],
    ["a{b:URL('q')}", 'a{b:url("[q]")}'],
    ['url(\\68ttp://x)', 'url("[http://x]")'],
    ['url(a\\)b)url(c)', 'url("[a)b]")url("[c]")'],
    ['url()', 'url("[]")'],
    ['url(a b)url(c)', 'url(a b)url("[c]")'],
    ['url(a"b)url(c)', 'url(a"b)url("[c]")'],
    ['url("a" b)url(c)', 'url("a" b)url("[c]")'],
    ['/* url(x) */url(y)', '/* url(x) */url("[y]")'],
    ['"url(x)"url(y)', '"url(x)"url("[y]")'],
    ['a{content:"\\"url(x)"}url(y)', 'a{content:"\\"url(x)"}url("[y]")'],
    ['a{content:"broken\nurl(y)', 'a{content:"broken\nurl("[y]")'],
    ['url(x', 'url("[x]")'],
    ['url("x', 'url("[x]")'],
    ['url(', 'url("[]")'],
    ['@import "a;b";p{}', '@sr-import;p{}'],
    ['@import url(a;b) screen;p{}', '@sr-import;p{}'],
    ['@IMPORT url("x")', '@sr-import;'],
    ['@import-foo;x', '@import-foo;x'],
    ['plain text of any kind', 'plain text of any kind'],
  ])('%j', (css, expected) => expect(marked(css)).toBe(expected));

  test('for which nothing is given stay as they are written', () => {
    const css = '@import "a"; a { b: url( \'x\' ) } /* end';
    expect(mapCssUrls(css, () => undefined)).toBe(css);
  });
});
