import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { deflateSync, crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser } from '../../recorder/test/support/browser.ts';
import { html } from '../../recorder/test/support/harness.ts';
import { boxes, useRoundTrip } from './support/round-trip.ts';

const svg = (attributes: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><rect width="100%" height="100%"/></svg>`);
const picture = png(320, 180);
const elements: [id: string, markup: string][] = [
  ['natural', '<img id=natural src=/a.png>'],
  ['width', '<img id=width src=/a.png width=100>'],
  ['fluid', '<div style="width:200px"><img id=fluid src=/a.png style="max-width:100%;height:auto"></div>'],
  ['padded', '<img id=padded src=/a.png style="box-sizing:border-box;padding:7px;border:3px solid;width:50%">'],
  ['foreign', '<img id=foreign src="OTHER/a.png">'],
  ['foreign-ratio', '<div style="width:333px"><img id=foreign-ratio src="OTHER/ratio.svg"></div>'],
  ['ratio', '<div style="width:333px"><img id=ratio src=/ratio.svg></div>'],
  ['unstored', '<img id=unstored src=/no-store.png>'],
  ['large', '<img id=large src=/large.png>'],
  ['srcset', '<img id=srcset srcset="/a.png 2x" src=/missing.png>'],
  ['sizes', '<img id=sizes srcset="/a.png 320w, /b.png 640w" sizes="500px">'],
  ['picture', '<picture><source media="(min-width: 1px)" srcset="/b.png"><img id=picture src=/a.png></picture>'],
  ['broken', '<img id=broken src=/missing.png alt="no such image">'],
  ['flex', '<div style="display:flex;width:300px"><img id=flex src="OTHER/a.png" style="flex:1;min-width:0"><p>beside</p></div>'],
  [
    'grid',
    '<div style="display:grid;grid-template-columns:1fr 2fr;width:300px"><img id=grid src="OTHER/a.png" style="width:100%"><p>beside</p></div>',
  ],
  ['contain', '<img id=contain src="OTHER/a.png" style="width:90px;height:90px;object-fit:contain">'],
  ['blob', '<img id=blob>'],
  ['canvas', '<canvas id=canvas width=200 height=100 style="border:1px solid">no canvas</canvas>'],
  ['canvas-plain', '<canvas id=canvas-plain></canvas>'],
  ['canvas-css', '<canvas id=canvas-css width=20 height=10 style="width:40%;display:block"></canvas>'],
  ['video', '<video id=video src=/none.webm></video>'],
  ['video-poster', '<video id=video-poster poster=/a.png></video>'],
  ['video-foreign', '<video id=video-foreign poster="OTHER/a.png" style="max-width:150px"></video>'],
  ['audio', '<audio id=audio controls></audio>'],
  ['embed', '<embed id=embed type="image/png" src=/a.png>'],
  ['embed-size', '<embed id=embed-size type="text/html" src="/page" width=120 height=60>'],
  ['object', '<object id=object type="image/png" data=/a.png>fallback</object>'],
  ['frame', '<iframe id=frame src="OTHER/page"></iframe>'],
  ['input', '<input id=input type=image src=/a.png>'],
  ['svg-image', '<svg width=200 height=100><image id=svg-image href=/a.png x=10 width=100 /></svg>'],
  ['left-out', '<div id=left-out data-sr-block style="padding:5px"><p>secret</p><p>more</p></div>'],
  ['left-out-inline', '<p>before <span id=left-out-inline data-sr-block>secret words</span> after</p>'],
  ['left-out-image', '<img id=left-out-image data-sr-block src=/a.png>'],
  ['masked', '<div data-sr-mask><img id=masked src=/private.png></div>'],
];

describe.runIf(hasBrowser())('the boxes of replaced elements', () => {
  const trip = useRoundTrip();
  let other: Server;
  const files: Record<string, { type: string; body: Buffer }> = {
    '/a.png': { type: 'image/png', body: picture },
    '/b.png': { type: 'image/png', body: png(640, 200) },
    '/private.png': { type: 'image/png', body: png(50, 60) },
    '/ratio.svg': { type: 'image/svg+xml', body: svg('viewBox="0 0 3 2"') },
    '/large.png': { type: 'image/png', body: Buffer.concat([png(40, 30), Buffer.alloc(600_000)]) },
    '/page': { type: 'text/html', body: Buffer.from('<p>a page</p>') },
  };
  beforeAll(async () => {
    other = createServer((request, response) => {
      const file = files[request.url!];
      response.writeHead(file ? 200 : 404, { 'Content-Type': file?.type ?? 'text/plain' }).end(file?.body);
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterAll(() => other.close());
  const prepare = (attributes = '', script = '') => {
    trip.h.server.files = { ...files };
    trip.h.server.unstored = { '/no-store.png': { type: 'image/png', body: picture } };
    const markup = elements
      .map(([id, text]) => `<section>${text}<p id="after-${id}">after</p></section>`)
      .join('')
      .replaceAll('OTHER', `http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    trip.h.server.pages['/'] = html(
      `${markup}<script>fetch('/a.png').then((r) => r.blob()).then((b) => { blob.src = URL.createObjectURL(b); }); ${script}</script>`,
      attributes,
    );
  };
  const all = boxes(...elements.flatMap(([id]) => [`[id="${id}"]`, `#after-${id}`]));
  const loaded = async () => {
    await trip.h.page.waitForLoadState('load');
    await trip.h.page.waitForTimeout(500);
  };
  /** Left-out elements are recorded without their ids. */
  const comparable = (found: object) =>
    Object.fromEntries(Object.entries(found).filter(([selector]) => !selector.startsWith('[id="left-out')));

  for (const attributes of ['', 'data-capture-assets=false']) {
    test(`are those of the page, whatever the recording holds (${attributes || 'default'})`, async () => {
      prepare(attributes);
      const page = await trip.open();
      await loaded();
      const live = comparable(await page.evaluate(all));
      expect(comparable(await (await trip.replay()).read(all))).toEqual(live);
      expect(comparable(await (await trip.replay('play')).read(all))).toEqual(live);
      const texts = trip.h.allText();
      expect(texts.includes('sr-asset:')).toBe(attributes === '');
    });
  }

  test('follow what changes: sizes, sources, styles and the window', async () => {
    prepare();
    const page = await trip.open();
    await loaded();
    await page.evaluate(`(() => {
      document.getElementById('canvas').width = 300; document.getElementById('canvas-plain').style.height = '20px'; document.getElementById('foreign').style.width = '77px';
      document.getElementById('natural').src = '/b.png'; document.getElementById('foreign-ratio').parentElement.style.width = '99px'; document.getElementById('embed').style.display = 'none';
      document.querySelector('[data-sr-block] p').textContent = 'much longer '.repeat(200);
      document.body.insertAdjacentHTML('beforeend', '<img id=late src=/a.png?late><p id=after-late>after</p>');
    })()`);
    await page.setViewportSize({ width: 700, height: 600 });
    await page.waitForTimeout(500);
    const query = `({ ...${all}, ...${boxes('#late', '#after-late')} })`;
    const live = comparable(await page.evaluate(query));
    expect(comparable(await (await trip.replay()).read(query))).toEqual(live);
    expect(comparable(await (await trip.replay('play')).read(query))).toEqual(live);
  });
});

/** A PNG of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 0x66);
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = 0;
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)),
  ]);
}
