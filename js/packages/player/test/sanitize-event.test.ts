import { describe, expect, test } from 'vitest';
import type { DomEvent } from '../src/data/chunk-events.ts';
import { sanitizeCss } from '../src/replay/sanitize-css.ts';
import { sanitizeEvent } from '../src/replay/sanitize-event.ts';

let id = 10;
const element = (tagName: string, attributes: Record<string, unknown> = {}, childNodes: object[] = []) => ({
  type: 2, tagName, attributes, childNodes, id: id++,
});
const snapshot = (...body: object[]): DomEvent => ({
  type: 2,
  timestamp: 1,
  data: {
    node: { type: 0, id: 1, childNodes: [element('html', {}, [element('head'), element('body', {}, body)])] },
    initialOffset: { top: 0, left: 0 },
  },
});
const safe = (...body: object[]): string => {
  const event = snapshot(...body);
  expect(sanitizeEvent(event)).toBe(true);
  return JSON.stringify((event.data['node'] as { childNodes: { childNodes: object[] }[] }).childNodes[0]!.childNodes[1]);
};

describe('sanitizeEvent', () => {
  test.each([
    ['script', element('script', { src: 'x.js' }, [{ type: 3, textContent: 'alert(1)', id: 5 }]), ['x.js', 'alert']],
    ['upper case script', element('SCRIPT', {}, [{ type: 3, textContent: 'alert(1)', id: 5 }]), ['alert']],
    ['handlers', element('p', { onclick: 'alert(1)', ONERROR: 'alert(1)' }), ['alert']],
    ['javascript: with control characters', element('a', { href: ' \u0001java\nscript:alert(1)' }), ['alert']],
    ['data:text/html', element('a', { href: 'data:text/html,<script>alert(1)</script>' }), ['alert']],
    ['base', element('base', { href: 'evil' }), ['evil']],
    [
      'what object and embed load, and what stands in for it',
      element('div', {}, [
        element('object', { data: 'u', type: 'evil', classid: 'evil' }, [element('p')]),
        element('embed', { src: 'u', type: 'evil' }),
        element('applet', { code: 'evil' }),
      ]),
      ['evil', 'embed', 'applet', '"p"', '"data"', '"src"'],
    ],
    ['frames', element('iframe', { srcdoc: '<script>evil</script>' }), ['evil']],
    ['refresh', element('meta', { 'http-equiv': 'refresh', content: '0;url=/' }), ['http-equiv']],
    [
      'form action that runs',
      element('form', { action: 'javascript:alert(1)' }, [element('button', { formaction: 'javascript:alert(2)' })]),
      ['alert'],
    ],
  ])('takes out: %s', (_, node, forbidden) => {
    const text = safe(node);
    forbidden.forEach((word) => expect(text).not.toContain(word));
  });

  test('what would be fetched is kept for reading and not fetched', () => {
    const text = safe(
      element('img', { src: 'https://a.example/x.png', srcset: 'https://a.example/y.png 2x', alt: 'A' }),
      element('img', { src: 'data:image/png;base64,AA==' }),
      element('link', {
        rel: 'stylesheet',
        href: 'https://a.example/a.css',
        _cssText:
          "@import 'https://a.example/b.css'; p { background: url(https://a.example/c.png) } q { background: url('data:image/gif;base64,AA') }",
      }),
      element('use', { href: '#icon' }),
      element('p', { style: 'background: URL( "//a.example/z.png" )' }));
    expect(text).not.toMatch(/"(src|srcset|href)":"(https|\/\/)/);
    expect(text).not.toContain('a.example/b.css');
    expect(text).not.toContain('a.example/c.png');
    expect(text).not.toContain('a.example/z.png');
    expect(text).toContain('"data-sr-src":"https://a.example/x.png"');
    expect(text).toContain('"src":"data:image/png;base64,AA=="');
    expect(text).toContain("url('data:image/gif;base64,AA')");
    expect(text).toContain('"href":"#icon"');
  });

  test('keeps what a page is made of', () => {
    const text = safe(
      element('form', { action: 'https://shop.example/search', class: 'f' }, [
        element('a', { href: 'https://shop.example/x', target: '_blank' }, [{ type: 3, textContent: 'onclick is a word', id: 7 }]),
      ]),
    );
    expect(text).toContain('https://shop.example/search');
    expect(text).toContain('https://shop.example/x');
    expect(text).toContain('onclick is a word');
  });

  test.each([
    ['a', {}, 'href'], ['A', {}, 'href'], ['area', {}, 'href'], ['a', { isSVG: true }, 'xlink:href'], ['a', { isSVG: true }, 'href'],
  ])('a link leads nowhere, and is a link still: %s %o %s', (tag, more, name) => {
    const held = name.replace(':', '-');
    const of = (value: string): Record<string, unknown> =>
      (JSON.parse(safe({ ...element(tag, { [name]: value }), ...more })) as { childNodes: { attributes: Record<string, unknown> }[] })
        .childNodes[0]!.attributes;
    for (const value of [
      'https://shop.example/x', '/x', 'x', '', '//x', 'mailto:a@b', 'data:text/plain,x', 'blob:x', 'about:blank', 'sr-asset:x',
    ]) {
      expect(of(value)).toEqual({ [name]: '#sr-held', [`data-sr-${held}`]: value });
    }
    expect(of('javascript:alert(1)')).toEqual({ [name]: '#sr-held', [`data-sr-${held}`]: '' });
    expect(of('#part')).toEqual({ [name]: '#part' });
  });

  test('a changed address is held, unless it is a part of the page', () => {
    const changed = (value: unknown): Record<string, unknown> => {
      const event: DomEvent = {
        type: 3,
        timestamp: 1,
        data: { source: 0, texts: [], removes: [], adds: [], attributes: [{ id: 3, attributes: { href: value } }] },
      };
      sanitizeEvent(event);
      return (event.data['attributes'] as { attributes: Record<string, unknown> }[])[0]!.attributes;
    };
    expect(changed('https://shop.example/x')).toEqual({ 'href': '#sr-held', 'data-sr-href': 'https://shop.example/x' });
    expect(changed('#part')).toEqual({ 'href': '#part', 'data-sr-href': null });
    expect(changed('data:image/png;base64,AA==')).toEqual({ 'href': 'data:image/png;base64,AA==', 'data-sr-href': null });
    expect(changed(null)).toEqual({ 'href': null, 'data-sr-href': null });
  });

  test('changes and added nodes are made safe too', () => {
    const event: DomEvent = {
      type: 3,
      timestamp: 1,
      data: {
        source: 0,
        texts: [],
        removes: [],
        adds: [{ parentId: 1, nextId: null, node: element('img', { src: '/beacon', onerror: 'alert(1)' }) }],
        attributes: [
          { id: 3, attributes: { onclick: 'alert(2)', style: { background: ['url(/beacon)', ''] }, href: 'javascript:alert(3)' } },
        ],
      },
    };
    expect(sanitizeEvent(event)).toBe(true);
    const text = JSON.stringify(event);
    expect(text).not.toContain('alert');
    expect(text).not.toContain('url(/beacon)');
    expect(text).not.toContain('"src":"/beacon"');
  });

  test.each([
    ['unknown type', { type: 9, data: {}, timestamp: 1 }],
    ['no data', { type: 2, data: null, timestamp: 1 }],
    ['no node', { type: 2, data: {}, timestamp: 1 }],
    ['canvas', { type: 3, data: { source: 9 }, timestamp: 1 }],
    ['not an event', null],
  ])('refuses: %s', (_, event) => expect(sanitizeEvent(event as unknown as DomEvent)).toBe(false));

  test.each([
    ['no document element', { type: 0, id: 1, childNodes: [] }],
    ['another document element', { type: 0, id: 1, childNodes: [element('svg')] }],
    ['a document element that is none', { type: 0, id: 1, childNodes: [{ ...element('html'), isSVG: true }] }],
  ])('refuses a page with %s', (_, node) => expect(sanitizeEvent({ type: 2, timestamp: 1, data: { node } })).toBe(false));

  test('a picture that rrweb would load by an attribute of its own is not fetched', () => {
    expect(safe(element('canvas', { rr_dataURL: 'https://a.example/x.png' }))).not.toContain('"rr_dataURL"');
    expect(safe(element('canvas', { rr_dataURL: 'data:image/png;base64,AA==' }))).toContain('"rr_dataURL":"data:');
  });

  test('leaves none of 200,000 children out', () => {
    const crowd = element('div', {}, Array.from({ length: 200_000 }, () => element('img', { onerror: 'alert(1)' })));
    expect(safe(crowd)).not.toContain('alert');
  });

  test('walks a tree of 100,000 levels', () => {
    let node = element('p', { onclick: 'alert(1)' });
    for (let i = 0; i < 100_000; i++) {
      node = element('div', {}, [node]);
    }
    expect(sanitizeEvent(snapshot(node))).toBe(true);
  });
});

test.each([
  ['p { color: red }', 'p { color: red }'],
  ['@import url(x.css); p{}', '@sr-import; p{}'],
  ['a{b:url("https://a.example/"@import "x";)}', 'a{b:url("https://a.example/"@sr-import;)}'],
  ['p { background: url(x.png) }', 'p { background: url("data:,") }'],
  ['p { mask: url(#m) }', 'p { mask: url(#m) }'],
])('sanitizeCss(%s)', (css, expected) => expect(sanitizeCss(css)).toBe(expected));
