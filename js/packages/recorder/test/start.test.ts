import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { useHarness } from './support/harness.ts';
import { OUTLINE } from './support/outline.ts';

const head = '<!doctype html><html><head><title>T</title><script src="/session-replay/recorder.js" data-write-key="wk"></script>';
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.runIf(hasBrowser())('recording begins when there is a body', () => {
  const h = useHarness();
  const outline = (document: string) => h.page.evaluate(`(${OUTLINE})(${document})`) as Promise<string[]>;
  const replayed = async (): Promise<string[]> => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'support', 'replay.js')],
      bundle: true,
      write: false,
      format: 'iife',
      logLevel: 'error',
    });
    const events = h.server.batches.flatMap((b) => b.dom);
    h.server.pages['/replay'] = '<!doctype html><body></body>';
    await h.page.goto(`${h.server.origin}/replay`);
    await h.page.addScriptTag({ content: outputFiles[0]!.text });
    return h.page.evaluate(`replay(${JSON.stringify(events)}).then(${OUTLINE})`) as Promise<string[]>;
  };

  test('a page whose end never comes is recorded, and what is read later too', async () => {
    // Cut within texts, attributes, fields, tables and styles, as a network does.
    const parts = [
      '<style>p { color: red',
      '; } b { color: blue; }</style></head>',
      '<body><p id=a>first te',
      'xt of many wo',
      'rds</p><textarea id=t>ab',
      'cdef</textarea><table id=ta><tr><td>o',
      'ne<td>two</table><ul><li>o',
      'ne<li><b>tw',
      'o</b></ul><select id=s><option>a<opt',
      'ion>b</select><div><template shadowrootmode=open><i>in the sha',
      'dow</i></template>light</div>',
      '<p><b>misnested<i>x</b>y</i>z</p>',
      '<svg><text>s',
      'vg</text></svg><p id=last>last</p>',
    ];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    h.server.streams['/late'] = async (response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.write(head);
      for (const part of parts) {
        await later(150);
        response.write(part);
      }
      response.write('<script src="/hangs.js"></script>');
      await ended;
      response.end('<p id=end>after the script</p></body></html>');
    };
    h.server.streams['/hangs.js'] = async (response) => {
      await ended;
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('');
    };
    await h.page.goto(`${h.server.origin}/late`, { waitUntil: 'commit' });
    await h.page.waitForSelector('#last', { state: 'attached' });
    await h.said('while the script hangs');
    expect(await h.page.evaluate(() => document.readyState)).toBe('loading');
    expect(h.server.batches.some((b) => b.dom.some((e) => e.type === 2))).toBe(true);
    expect(h.allText()).toContain('svg');
    end();
    await h.page.waitForLoadState('load');
    await h.page.waitForTimeout(100);
    await h.said('end');
    const live = await outline('document');
    expect(live.some((line) => line.includes('first text of many words'))).toBe(true);
    // The session's only snapshot was taken while the page was read: all else are changes.
    expect(h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 2)).toHaveLength(1);
    expect(await replayed()).toEqual(live);
    expect(h.pageErrors).toEqual([]);
  });

  test('a script in the head that hangs holds up only what there is nothing of yet', async () => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    h.server.pages['/'] = `${head}<script src="/hangs.js"></script></head><body><p>x</p></body></html>`;
    h.server.streams['/hangs.js'] = async (response) => {
      await ended;
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('');
    };
    await h.page.goto(h.server.origin, { waitUntil: 'commit' });
    // Not by frames: there is nothing to be painted yet.
    await h.page.waitForFunction(() => window.SessionReplay?.current()?.sessionId, undefined, { polling: 100 });
    end();
    await h.page.waitForSelector('p');
    await h.said('end');
    expect(await replayed()).toEqual(expect.arrayContaining([expect.stringMatching(/^ *x$/)]));
  });

  test.each([
    [
      'framesets',
      '<!doctype html><html><head>SCRIPT</head><frameset cols="50%,50%"><frame src="/frame"><frame src="/frame"></frameset></html>',
      'text/html',
    ],
    [
      'documents of XML',
      '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title>SCRIPT</head><body><p>in XML</p></body></html>',
      'application/xhtml+xml',
    ],
  ])('%s are recorded', async (_, page, type) => {
    const script = '<script src="/session-replay/recorder.js" data-write-key="wk"></script>';
    h.server.files['/'] = { type, body: Buffer.from(page.replace('SCRIPT', script)) };
    h.server.pages['/frame'] = '<p>in the frame</p>';
    await h.page.goto(h.server.origin);
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'a snapshot');
    await h.server.until(() => /in XML|frameset/.test(h.allText()), 'what the page shows');
    expect(h.pageErrors).toEqual([]);
  });

  test('panes that scroll together: each has its own last position', async () => {
    h.server.pages['/'] =
      `${head}<style>.p{width:100px;height:100px;overflow:auto}.p div{height:2000px}</style></head><body>${'abcdef'.replace(/./g, '<div class=p id=$&><div></div></div>')}
      <script>a.onscroll = () => { for (const p of [b, c, d, e, f]) { p.scrollTop = a.scrollTop + 5; } };</script></body></html>`;
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    const ids = await h.page.evaluate(async () => {
      for (let i = 0; i < 25; i++) {
        document.getElementById('a')!.scrollTop += 16;
        await new Promise((resolve) => setTimeout(resolve, 16));
      }
      await new Promise((resolve) => setTimeout(resolve, 400));
      return Array.from(document.querySelectorAll('.p'), (pane) => pane.scrollTop);
    });
    expect(ids).toEqual([400, 405, 405, 405, 405, 405]);
    await h.said('end');
    const last = new Map<number, number>();
    h.server.batches
      .flatMap((b) => b.dom)
      .filter((e) => e.type === 3 && e.data['source'] === 3)
      .forEach((e) => last.set(e.data['id'] as number, e.data['y'] as number));
    expect([...last.values()].sort((one, other) => one - other)).toEqual(ids);
  });
});
