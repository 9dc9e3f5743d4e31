import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapCss, mapCssUrls } from '@session-replay/format';

/** Texts of the characters and words that CSS and its scanner care about. */
const hostile = fc
  .array(
    fc.constantFrom(
      'url(',
      'URL(',
      'Url (',
      '@import',
      '@import ',
      '@imports',
      '"',
      "'",
      '\\',
      '/*',
      '*/',
      '(',
      ')',
      ';',
      '{',
      '}',
      ' ',
      '\n',
      'a',
      'é',
      '😀',
      '0',
      'https://x.example/a.png',
      'data:,x',
      '#a',
      '\\75 rl(',
      '\\000022',
      '\u0000',
      '\ud800',
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));

/** Pieces of well-formed CSS, and what becomes of each when addresses are replaced. */
const address = fc.stringMatching(/^[a-z][a-z0-9/.:?&=%_-]{0,20}$/);
const quoted = fc.string({ maxLength: 12 }).map((s) => s.replace(/["'\\\n\r\f]/g, ''));
const piece = fc.oneof(
  fc
    .constantFrom('p{', '}', 'a:hover{color:red}', '@media print{', '.curl(x)', '\\75 rl(y)', ' ', '\n', '@imports x;', '@font-face{')
    .map((css) => ({ css, url: undefined })),
  quoted.map((s) => ({ css: `"${s} url(not-an-address)"`, url: undefined })),
  quoted.map((s) => ({ css: `/*${s.replace(/\*\//g, '')} url(not-an-address) */`, url: undefined })),
  fc.tuple(fc.constantFrom('url(', 'URL('), address, fc.constantFrom('', ' ', '\n')).map(([word, url, space]) =>
    ({ css: `${word}${space}${url}${space})`, url })),
  fc.tuple(fc.constantFrom('"', "'"), address).map(([quote, url]) => ({ css: `url(${quote}${url}${quote})`, url })),
);

describe('addresses in CSS', () => {
  test.each([
    ['xurl(url(a))', ['a']], ['-url(url(a))', ['a']], ['#url(url(a))', ['a']], ['@url(url(a))', ['a']], ['éurl(url(a))', ['a']],
    ['\\61url(url(a))', ['a']], ['\\61 url(url(a))', ['a']], ['\\61  url(a)', ['a']], ['\\zurl(url(a))', ['a']],
    ['1url(url(a))', ['a']], ['<!--url(a)', ['a']], ['.url(a)', ['a']], [':url(a)', ['a']], [',url(a)', ['a']], ['(url(a))', ['a']],
  ])('%s names %j', (css, expected) => {
    const found: string[] = [];
    mapCssUrls(css, (url) => void found.push(url));
    expect(found).toEqual(expected);
  });

  test('without another address nothing changes, whatever the text is', () => {
    fc.assert(fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (css) => {
      expect(mapCssUrls(css, () => undefined)).toBe(css);
    }), { numRuns: 3000 });
  });

  test('each address is found once and replaced, and nothing else is lost', () => {
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      // Between two pieces nothing becomes one name with the other.
      const known = pieces.map((p) => ({ ...p, css: `${p.css}+`, to: 'url("new")+' }));
      const found: string[] = [];
      const mapped = mapCssUrls(known.map((p) => p.css).join(''), (url) => {
        found.push(url);
        return 'new';
      });
      expect(found).toEqual(known.flatMap((p) => p.url ?? []));
      expect(mapped).toBe(known.map((p) => (p.url === undefined ? p.css : p.to)).join(''));
    }), { numRuns: 1000 });
  });

  test('of hostile text what is not an address stays, in its order', () => {
    fc.assert(fc.property(hostile, (css) => {
      const kept = mapCssUrls(css, () => '\u0001').split('url("\u0001")');
      let from = 0;
      kept.forEach((text, i) => {
        const at = i === 0 ? 0 : css.indexOf(text, from);
        expect(css.startsWith(text, at)).toBe(true);
        from = at + text.length;
      });
      expect(kept.length === 1 ? css : css.slice(0, kept[0]!.length)).toBe(kept[0]);
      expect(css.endsWith(kept.at(-1)!)).toBe(true);
    }), { numRuns: 3000 });
  });

  test('what was replaced stays so: a second pass finds the new addresses alone', () => {
    fc.assert(fc.property(hostile, fc.boolean(), (css, dropImports) => {
      const once = mapCss(css, { url: () => 'data:,', dropImports });
      const found = new Set<string>();
      expect(mapCss(once, { url: (url) => void found.add(url), dropImports })).toBe(once);
      found.delete('data:,');
      expect([...found]).toEqual([]);
    }), { numRuns: 3000 });
  });
});
