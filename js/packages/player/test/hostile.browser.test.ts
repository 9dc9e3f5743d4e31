import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../recorder/test/support/browser.ts';
import { NOTHING, evil, origin, page, play, quiet, useViewerPage } from './support/viewer-page.ts';
import { adds, changes, element, raw, recording, text } from './support/hostile-recording.ts';

/** Anyone with a write key can send a recording of any form: it is looked at here as it would be sent. */
describe.runIf(hasBrowser())('a recording made to reach its viewer', () => {
  useViewerPage();

  test.each(['seek', 'play'] as const)('connects to nobody, whatever its elements ask for: %s', async (way) => {
    const links = [
      'stylesheet', 'preload', 'prefetch', 'prerender', 'preconnect', 'dns-prefetch', 'modulepreload', 'icon', 'manifest', 'expect',
      'Preconnect', 'alternate stylesheet',
    ];
    let id = 100;
    const every = (): object[] => [
      ...links.map((rel) => element('link', id++, { rel, href: `${evil}/${rel}`, as: 'image', imagesrcset: `${evil}/s 1x` })),
      element('LINK', id++, { REL: 'preconnect', HREF: evil }),
      element('img', id++, { src: `${evil}/i`, srcset: `${evil}/j 2x`, attributionsrc: `${evil}/k`, loading: 'eager' }),
      element('a', id++, { href: `${evil}/a`, ping: `${evil}/p`, attributionsrc: `${evil}/b` }, [text(id++, 'a')]),
      element('picture', id++, {}, [element('source', id++, { srcset: `${evil}/q` }), element('img', id++, {})]),
      element('video', id++, { src: `${evil}/v`, poster: `${evil}/w`, rr_mediaState: 'played' }, [
        element('track', id++, { src: `${evil}/t`, default: '' }),
      ]),
      element('audio', id++, { src: `${evil}/au`, preload: 'auto', rr_mediaState: 'played' }),
      element('canvas', id++, { rr_dataURL: `${evil}/c`, RR_DATAURL: `${evil}/c` }),
      element('input', id++, { type: 'image', src: `${evil}/in` }),
      element('body', id++, { background: `${evil}/bg` }),
      element('table', id++, { background: `${evil}/bg` }),
      element('iframe', id++, { src: `${evil}/if` }),
      element('iframe', id++, { rr_src: `${evil}/if` }),
      element('iframe', id++, { srcdoc: `<img src=${evil}/sd>` }),
      element('iframe', id++, { src: `data:text/html,<img src=${evil}/da>` }),
      element('iframe', id++, { src: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="${evil}/sv"/></svg>` }),
      element('embed', id++, { src: `${evil}/e` }),
      element('object', id++, { data: `${evil}/o` }),
      element('frameset', id++, {}, [element('frame', id++, { src: `${evil}/f` })]),
      element('fencedframe', id++, { src: `${evil}/ff` }),
      element('portal', id++, { src: `${evil}/po` }),
      element('script', id++, { src: `${evil}/s` }),
      element('script', id++, { type: 'speculationrules' }, [text(id++, JSON.stringify({ prerender: [{ urls: [`${evil}/sr`] }] }))]),
      element('meta', id++, { 'http-equiv': 'refresh', content: `0;url=${evil}/m` }),
      element('META', id++, { 'HTTP-EQUIV': 'Refresh', CONTENT: `0;url=${evil}/m` }),
      element('meta', id++, { 'http-equiv': 'link', content: `<${evil}>; rel=preconnect` }),
      element('base', id++, { href: evil }),
      element('style', id++, {
        _cssText: `@import url(${evil}/im); @import "${evil}/im2"; @font-face { font-family: F; src: url(${evil}/fo) } * { font-family: F; background: u\\72l(${evil}/es) image-set("${evil}/set" 1x); cursor: url(${evil}/cu), auto }`,
      }),
      element('style', id++, {}, [text(id++, `@import "${evil}/tx"; p { list-style: url(${evil}/li) }`)]),
      element('p', id++, { style: `background: url(${evil}/st); border-image: image-set('${evil}/bi' 1x) 1` }),
      element(
        'svg',
        id++,
        {},
        [
          element(
            'image',
            id++,
            { href: `${evil}/si`, 'xlink:href': `${evil}/sx` },
            [element('set', id++, { attributeName: 'href', to: `${evil}/an`, begin: '0s' }, [], { isSVG: true })],
            { isSVG: true },
          ),
          element('use', id++, { href: `${evil}/u#x` }, [], { isSVG: true }),
          element('feImage', id++, { href: `${evil}/fe` }, [], { isSVG: true }),
          element(
            'a',
            id++,
            { id: 'x', href: '#' },
            [element('animate', id++, { attributeName: 'xlink:href', values: `${evil}/av` }, [], { isSVG: true })],
            { isSVG: true },
          ),
          element('foreignObject', id++, {}, [element('img', id++, { src: `${evil}/fi` })], { isSVG: true }),
          element('style', id++, {}, [text(id++, `@import "${evil}/sw"`)], { isSVG: true }),
        ],
        { isSVG: true },
      ),
      element(
        'div',
        id++,
        {},
        [
          element('img', id++, { src: `${evil}/sh` }, [], { isShadow: true }),
          element('link', id++, { rel: 'stylesheet', href: `${evil}/sl` }, [], { isShadow: true }),
        ],
        { isShadowHost: true },
      ),
      element('form', id++, { action: evil, method: 'post' }, [element('button', id++, { formaction: evil }, [text(id++, 'b')])]),
      element('x-evil', id++, { is: 'x' }, [], { isCustom: true }),
    ];
    const late = every().flatMap((node) => adds(5, { ...node, childNodes: [] }));
    const link = element('link', 90, { rel: 'x' });
    const frame = element('iframe', 91, {});
    const inner = {
      type: 0,
      id: 92,
      childNodes: [element('html', 93, {}, [element('head', 94, {}, every()), element('body', 95, {}, every())])],
    };
    const result = await play(
      recording(
        every(),
        [...every(), link, frame, element('img', 97), element('meta', 98)],
        [
          ...late,
          {
            type: 3,
            data: {
              source: 0, isAttachIframe: true, adds: [{ parentId: 91, nextId: null, node: inner }], removes: [], texts: [], attributes: [],
            },
          },
          changes(90, { rel: 'preconnect', href: evil }),
          changes(90, { href: `${evil}/2`, rel: 'dns-prefetch' }),
          changes(90, { rel: 'stylesheet', href: `${evil}/css` }),
          changes(90, { _cssText: `@import "${evil}/x"` }),
          changes(97, { src: `${evil}/img`, attributionsrc: evil }),
          changes(98, { 'http-equiv': 'refresh', content: `0;url=${evil}` }),
          changes(91, { src: evil, srcdoc: `<img src=${evil}>` }),
          raw(8, { id: 90, adds: [{ rule: `p { background: url(${evil}/rule) }`, index: 0 }] }),
          raw(15, {
            id: 1,
            styleIds: [1],
            styles: [{ styleId: 1, rules: [{ rule: `@import "${evil}/adopted"` }, { rule: `p { background: u\\72l(${evil}/ad) }` }] }],
          }),
          raw(13, { id: 90, index: [0], set: { property: 'background', value: `url(${evil}/prop)`, priority: '' } }),
          raw(9, {
            id: 90,
            type: 0,
            commands: [{ property: 'drawImage', args: [{ rr_type: 'HTMLImageElement', src: `${evil}/canvas` }] }],
          }),
          raw(10, { family: 'F', fontSource: `url(${evil}/font)`, buffer: false }),
        ],
      ),
      way,
    );
    expect(result.html === '' || !/http-equiv="refresh"/i.test(result.html)).toBe(true);
    expect(await quiet()).toEqual(NOTHING);
    expect(page.frames().every((f) => !f.url().startsWith(evil))).toBe(true);
  });

  test('goes nowhere and takes no key when the viewer clicks and types where it is shown', async () => {
    await play(
      recording(
        [],
        [
          element('a', 20, { href: `${evil}/top`, target: '_top', style: 'position:fixed;inset:0;display:block', accesskey: 'x' }, [
            text(21, 'link'),
          ]),
          element('a', 22, { href: `${evil}/self` }, [text(23, 'self')]),
          element('dialog', 24, { open: '', rr_open_mode: 'modal' }, [element('input', 25, { autofocus: '' })]),
          element('input', 26, { autofocus: '', tabindex: '1' }),
        ],
        [
          raw(2, { id: 26, type: 5, x: 1, y: 1 }),
          raw(2, { id: 20, type: 2, x: 5, y: 5 }),
          adds(5, element('dialog', 27, { open: '', rr_open_mode: 'modal' })),
          changes(24, { rr_open_mode: 'modal', open: '' }),
        ],
      ),
      'play',
    );
    const box = (await page.locator('#stage iframe').boundingBox())!;
    await page.mouse.click(box.x + 50, box.y + 50);
    await page.mouse.click(box.x + 60, box.y + 60, { button: 'middle' });
    await page.focus('#own');
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Alt+x');
    expect(await quiet()).toEqual(NOTHING);
    expect([page.url(), page.context().pages().length]).toEqual([`${origin}/host`, 1]);
  });

  test.each(['seek', 'play'] as const)('takes the focus from nobody: %s', async (way) => {
    const look = await play(
      recording(
        [],
        [element('dialog', 24, { open: '', rr_open_mode: 'modal' }, [element('input', 25, { autofocus: true })]), element('input', 26)],
        [
          raw(2, { id: 26, type: 5, x: 1, y: 1 }),
          changes(24, { open: null }),
          changes(24, { open: '', rr_open_mode: 'modal' }),
          raw(14, { ranges: [{ start: 7, startOffset: 0, end: 7, endOffset: 3 }] }),
        ],
      ),
      way,
    );
    expect(look.focus).toBe('own');
  });
});
