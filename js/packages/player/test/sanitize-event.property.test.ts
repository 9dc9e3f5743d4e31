import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenTypes, tokenize } from './support/css-tokens.ts';
import type { DomEvent } from '../src/data/chunk-events.ts';
import { sanitizeCss } from '../src/replay/sanitize-css.ts';
import type { Node } from '../src/replay/node-shape.ts';
import { sanitizeEvent } from '../src/replay/sanitize-event.ts';
import { snapshotOf } from './support/nodes.ts';

/** Upper and lower case at random. */
const cased = (text: fc.Arbitrary<string>) => fc.tuple(text, fc.infiniteStream(fc.boolean())).map(([word, upper]) =>
  [...word].map((c) => (upper.next().value ? c.toUpperCase() : c)).join(''));
/** Characters that browsers skip where they read a scheme, put in anywhere. */
const noisy = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.array(fc.tuple(fc.nat({ max: 12 }), fc.constantFrom('\t', '\n', '\r', ' ', '\u0000', '\u0001')), { maxLength: 3 }))
    .map(([word, noise]) => noise.reduce((s, [at, c]) => s.slice(0, at) + c + s.slice(at), word));

const active = noisy(
  cased(
    fc.constantFrom(
      'javascript:alert(1)',
      'vbscript:x',
      'data:text/html,<script>alert(1)</script>',
      'data:text/html;base64,AA',
      'javascript:',
      'data:image/svg+xml;script,x',
    ),
  ),
);
const values = fc.oneof(
  active,
  active,
  fc.constantFrom(
    'https://evil.example/x',
    '//evil.example/x',
    '/x',
    '#x',
    'data:image/png;base64,AA==',
    'alert(1)',
    '',
    'x 2x, https://evil.example/y 1x',
  ),
  fc.constantFrom('onclick', 'href', 'xlink:href', 'src', 'style'),
  fc.constantFrom(
    'background:url(https://evil.example/b)',
    'background:u\\72l(https://evil.example/b)',
    '@import "https://evil.example/i";',
  ),
  fc.string({ maxLength: 10 }),
  fc.nat(),
  fc.boolean(),
  fc.constant(null),
);
const names = cased(
  fc.constantFrom(
    'href',
    'xlink:href',
    'src',
    'srcset',
    'srcdoc',
    'action',
    'formaction',
    'data',
    'poster',
    'background',
    'onclick',
    'onload',
    'onbegin',
    'on',
    'style',
    'ping',
    'http-equiv',
    'content',
    'attributename',
    'to',
    'values',
    'from',
    'rr_mediastate',
    '_csstext',
    'data-sr-raw-href',
    'data-sr-raw-src',
    'data-sr-href',
    'cite',
    'is',
    'nonce',
    'autofocus',
    'sandbox',
    'allow',
    'class',
    'type',
    'classid',
    'code',
    'manifest',
    'imagesrcset',
    'rr_dataurl',
  ),
);
const tags = cased(
  fc.constantFrom(
    'script',
    'a',
    'area',
    'img',
    'iframe',
    'frame',
    'frameset',
    'object',
    'embed',
    'applet',
    'base',
    'meta',
    'link',
    'style',
    'svg',
    'use',
    'image',
    'set',
    'animate',
    'animateTransform',
    'form',
    'button',
    'input',
    'video',
    'div',
    'portal',
    'fencedframe',
    'webview',
    'canvas',
    'x-y',
    'math',
  ),
);
const attributes = fc.dictionary(names, values, { maxKeys: 5, noNullPrototype: true });

let id = 10;
const node: fc.Memo<Node> = fc.memo((depth) => {
  const text = fc
    .record({ textContent: fc.oneof(values.map(String), fc.constant('p{background:url(https://evil.example/b)}')), isStyle: fc.boolean() })
    .map((t): Node => ({ type: 3, id: id++, ...t }));
  const children = depth > 1 ? fc.array(node(depth - 1), { maxLength: 3 }) : fc.constant<Node[]>([]);
  return fc.oneof({ weight: 4, arbitrary: fc.tuple(tags, attributes, children).map(([tagName, attrs, childNodes]): Node =>
    ({ type: 2, id: id++, tagName, attributes: attrs, childNodes })) }, text);
});

const added = (nodes: Node[]): DomEvent => ({
  type: 3,
  timestamp: 1,
  data: { source: 0, adds: nodes.map((n) => ({ parentId: 1, nextId: null, node: n })), removes: [], texts: [], attributes: [] },
});
const snapshot = (body: Node[]): DomEvent => ({ type: 2, timestamp: 1, data: snapshotOf(body) });
const changed = (all: Record<string, unknown>[]): DomEvent => ({
  type: 3,
  timestamp: 1,
  data: { source: 0, adds: [], removes: [], texts: [], attributes: all.map((a, i) => ({ id: 100 + i, attributes: a })) },
});

/** How a browser reads a scheme: without control characters and white space in front and line breaks within. */
const runs = (value: unknown): boolean =>
  typeof value === 'string'
  && /^(javascript|vbscript|data:text\/html|data:image\/svg\+xml;script)/i.test(value.replace(/[\u0000-\u0020]/g, ''));
const CARRIES_URL = /^(href|xlink:href|src|srcset|imagesrcset|action|formaction|data|poster|background|cite|longdesc)$/i;
const NEVER = /^(on.*|http-equiv|srcdoc|ping|is|nonce|autofocus|sandbox|allow|manifest|rr_media.*)$/i;

function dangersOf(name: string, value: unknown): string[] {
  const problems: string[] = [];
  if (NEVER.test(name)) {
    problems.push(name);
  }
  if (CARRIES_URL.test(name) && runs(value)) {
    problems.push(`${name}=${String(value)}`);
  }
  // What is fetched at once.
  if (/^(src|srcset|imagesrcset|poster|data|background)$/i.test(name) && typeof value === 'string' && /evil/.test(value)) {
    problems.push(`${name} is fetched`);
  }
  // Unless its letters are escaped, which the policy of the frame is for.
  if (/^(style|_csstext)$/i.test(name) && /url\(\s*["']?https?:|@import/i.test(String(value))) {
    problems.push(`${name} is fetched`);
  }
  return problems;
}

function dangers(root: Node): string[] {
  const problems: string[] = [];
  const open = [root];
  while (open.length > 0) {
    const { tagName, attributes, childNodes, textContent, isStyle } = open.pop()!;
    const tag = tagName?.toLowerCase();
    if (/^(script|base|portal|fencedframe|webview|embed|applet|frame|frameset)$/.test(tag ?? '')) {
      problems.push(tag!);
    }
    const isAnimation = /^(set|animate|animatetransform|animatemotion)$/.test(tag ?? '');
    for (const [name, value] of Object.entries(attributes ?? {})) {
      problems.push(...dangersOf(name, value));
      if (isAnimation && /^attributename$/i.test(name) && /^(on|href|xlink|src|style)/i.test(String(value))) {
        problems.push(`animates ${String(value)}`);
      }
    }
    if (isStyle && /url\(\s*["']?https?:|@import/i.test(textContent ?? '')) {
      problems.push('style is fetched');
    }
    open.push(...(childNodes ?? []));
  }
  return problems;
}

const RUNS = { numRuns: 1500 };

describe('of any tree and any changes', () => {
  test('nothing is left of a snapshot that runs or fetches something', () => {
    fc.assert(fc.property(fc.array(node(3), { maxLength: 4 }), (body) => {
      const event = snapshot(body);
      expect(sanitizeEvent(event)).toBe(true);
      expect(dangers(event.data['node'] as Node)).toEqual([]);
    }), RUNS);
  });

  test('nothing is left of added nodes that runs or fetches something, and to do it again changes nothing', () => {
    fc.assert(fc.property(fc.array(node(3), { maxLength: 4 }), (nodes) => {
      const event = added(nodes);
      expect(sanitizeEvent(event)).toBe(true);
      expect((event.data['adds'] as { node: Node }[]).flatMap((add) => dangers(add.node))).toEqual([]);
      const once = structuredClone(event);
      sanitizeEvent(event);
      expect(event).toEqual(once);
    }), RUNS);
  });

  test('nothing is left of changed attributes that runs or fetches something', () => {
    fc.assert(fc.property(fc.array(attributes, { maxLength: 4 }), (all) => {
      const event = changed(all);
      expect(sanitizeEvent(event)).toBe(true);
      const left = (event.data['attributes'] as { attributes: Record<string, unknown> }[]).flatMap((change) =>
        Object.entries(change.attributes).flatMap(([name, value]) => (value === null ? [] : dangersOf(name, value))));
      expect(left).toEqual([]);
    }), RUNS);
  });
});

describe('of any CSS', () => {
  const words = [
    'p{', '}', 'background:', 'url(', 'URL("', ')', '"', "'", '\\', '/*', '*/', '@import ', ';', 'https://evil.example/x', ' ', '\n', 'é',
    'data:,x', 'x', '-', '#', '@', '\\a ', '\\61', '(', '1', '\r', '\f', '\r\n',
  ];
  const cssOf = (...all: string[]) => fc.array(fc.constantFrom(...all), { maxLength: 20 }).map((parts) => parts.join(''));
  /** The addresses and imports that another reader of CSS finds. */
  const fetched = (css: string): string[] => {
    const tokens: [type: number, text: string][] = [];
    tokenize(css, (type, start, end) => void (type !== tokenTypes.WhiteSpace && tokens.push([type, css.slice(start, end)])));
    let functions = 0;
    return tokens.flatMap(([type, text], i) => {
      const [next, afterNext] = [tokens[i + 1], tokens[i + 2]];
      functions =
        type === tokenTypes.Function ? functions + 1 : type === tokenTypes.RightParenthesis ? Math.max(0, functions - 1) : functions;
      if (type === tokenTypes.AtKeyword) {
        return /^@import$/i.test(text) && functions === 0 ? text : [];
      }
      const isUrl = type === tokenTypes.Function && text.toLowerCase() === 'url(' && next?.[0] === tokenTypes.String
        && [tokenTypes.RightParenthesis, undefined].includes(afterNext?.[0]);
      const address = type === tokenTypes.Url ? text : isUrl ? next[1] : '';
      // A fragment is of the page itself.
      return address.includes('evil') && !address.includes('data:') && !/^(?:url\()?["'\s]*#/i.test(address) ? address : [];
    });
  };

  test('nothing is fetched', () => {
    let count = 0;
    fc.assert(fc.property(cssOf(...words, '[src=a]', '[href]', ':defined'), (css) => {
      count += fetched(css).length;
      expect(fetched(sanitizeCss(css))).toEqual([]);
    }), RUNS);
    expect(count).toBeGreaterThan(100);
  });

  // The replay's selectors weigh what the page's do, and are selectors of the page when they are read again.
  test('without selectors of attributes, to sanitize it again changes nothing', () => {
    fc.assert(fc.property(cssOf(...words), (css) => {
      const once = sanitizeCss(css);
      expect(sanitizeCss(once)).toBe(once);
    }), RUNS);
  });
});
