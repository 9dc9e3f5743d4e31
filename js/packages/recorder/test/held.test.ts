import { describe, expect, test } from 'vitest';
import type { CDPSession } from 'playwright-core';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

/** Runs in the page: each way puts something in, uses it, and takes it out. What it gives is watched for being held. */
const WAYS = `
  const settle = (ms = 30) => new Promise((resolve) => setTimeout(resolve, ms));
  const add = (tag, properties = {}) => document.body.appendChild(Object.assign(document.createElement(tag), properties));
  const frame = async (properties) => { const f = add('iframe', properties); await new Promise((resolve) => { f.onload = resolve; setTimeout(resolve, 500); }); f.onload = null; await settle(); return f; };
  window.ways = {
    frames: async () => {
      const f = await frame({ src: '/frame' });
      const { contentDocument: d, contentWindow: w } = f;
      d.querySelector('input').value = 'x'; d.styleSheets[0].insertRule('a{}'); d.body.append('more'); w.scrollTo(0, 50);
      d.body.dispatchEvent(new MouseEvent('click', { bubbles: true })); d.getSelection().selectAllChildren(d.body); await settle();
      f.remove(); return [f, d, d.body, w.Array];
    },
    'frames by srcdoc': async () => { const f = await frame({ srcdoc: '<p>in srcdoc</p>' }); const d = f.contentDocument; f.remove(); return [f, d]; },
    'frames that are empty': async () => { const f = add('iframe'); await settle(); const d = f.contentDocument; d.body.append('x'); await settle(); f.remove(); return [f, d]; },
    'documents of a frame that goes on': async () => {
      const f = window.kept ??= await frame({ src: '/frame' }); const d = f.contentDocument; d.body.append('x');
      await new Promise((resolve) => { f.onload = resolve; f.src = '/frame?' + Math.random(); }); await settle(); return [d, d.body];
    },
    'frames in removed subtrees': async () => { const div = add('div'); div.innerHTML = '<p><iframe src="/frame"></iframe></p>'; await settle(300); const d = div.querySelector('iframe').contentDocument; div.remove(); return [div, d]; },
    'frames in frames': async () => { const f = await frame({ src: '/nested' }); await settle(300); const inner = f.contentDocument.querySelector('iframe').contentDocument; f.remove(); return [f, inner]; },
    'shadow roots': async () => {
      const host = add('div'); const root = host.attachShadow({ mode: 'open' }); root.innerHTML = '<div id=s style="height:20px;overflow:auto"><p style="height:99px">x</p></div><input>'; await settle();
      root.adoptedStyleSheets = [new CSSStyleSheet()]; root.querySelector('input').value = 'y'; root.getElementById('s').scrollTop = 10; await settle(); host.remove(); return [host, root, root.firstChild];
    },
    'closed shadow roots': async () => { const host = add('div'); const root = host.attachShadow({ mode: 'closed' }); root.innerHTML = '<p>x</p>'; await settle(); host.remove(); return [host, root]; },
    'removed subtrees': async () => { const div = add('div', { innerHTML: '<ul><li><b>x</b></ul><input><select><option>a<option>b</select><textarea></textarea>' }); await settle(); div.querySelector('input').value = 'z'; div.querySelector('select').selectedIndex = 1; div.querySelector('li').click(); div.remove(); return [div, div.querySelector('b'), div.querySelector('input')]; },
    'what is taken out at once': async () => { const div = add('div', { innerHTML: '<p>x</p>' }); div.remove(); await settle(); return [div, div.firstChild]; },
    'what changes after it was taken out': async () => { const div = add('div', { innerHTML: '<p>x</p>' }); await settle(); div.remove(); div.firstChild.textContent = 'y'; div.setAttribute('a', 'b'); await settle(); return [div, div.firstChild]; },
    'what moves': async () => { const div = add('div', { innerHTML: '<p>x</p>' }); await settle(); const other = add('section'); other.append(div); await settle(); other.remove(); return [div, other]; },
    'left-out elements': async () => { const div = add('div', { innerHTML: '<p>x</p>' }); await settle(); div.className = 'sr-block'; await settle(); const p = div.firstChild; p.remove(); await settle(); div.remove(); return [div, p]; },
    media: async () => { const v = add('video', { src: '/none.webm', muted: true }); const a = add('audio', { src: '/none.mp3' }); v.dispatchEvent(new Event('play')); a.dispatchEvent(new Event('volumechange')); v.play().catch(() => 0); await settle(); v.remove(); a.remove(); return [v, a]; },
    'media that never were in the page': async () => { const a = new Audio('/none.mp3'); a.play().catch(() => 0); await settle(); return [a]; },
    'images and canvases': async () => { const i = add('img', { src: '/none.png' }); const c = add('canvas'); c.getContext('2d').fillRect(0, 0, 9, 9); await settle(); i.remove(); c.remove(); return [i, c]; },
    styles: async () => { const s = add('style', { textContent: 'p{}' }); await settle(); const { sheet } = s; sheet.insertRule('b{}'); sheet.cssRules[0].style.setProperty('color', 'red'); await settle(); s.remove(); return [s, sheet]; },
    'constructed sheets': async () => { const s = new CSSStyleSheet(); document.adoptedStyleSheets = [s]; s.insertRule('b{}'); await settle(); document.adoptedStyleSheets = []; await settle(); return [s]; },
    'elements that were clicked, moved over and scrolled': async () => { const b = add('button', { textContent: 'x', style: 'height:20px;overflow:auto;display:block', innerHTML: '<p style="height:99px">x</p>' }); await settle(); b.click(); b.dispatchEvent(new MouseEvent('mousemove', { bubbles: true })); b.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true })); b.scrollTop = 5; b.focus(); await settle(); b.remove(); return [b]; },
    'requests and what they send': async () => { const x = new XMLHttpRequest(); x.open('GET', '/frame'); const done = new Promise((resolve) => (x.onloadend = resolve)); x.send(); await done; x.onloadend = null; const init = { method: 'POST', body: 'x' }; const r = await fetch('/frame', init); await r.text(); return [x, init, r]; },
    'logged objects': async () => { const o = { a: { b: 1 } }; console.debug(o); await settle(); return [o]; },
  };
  window.refs = {};
  window.use = async (name, times) => {
    refs[name] = [];
    for (let i = 0; i < times; i++) { for (const held of await ways[name]()) { refs[name].push(new WeakRef(held)); } }
    await settle(200);
  };
  window.alive = () => Object.fromEntries(Object.entries(refs).map(([name, of]) => [name, of.filter((ref) => ref.deref()).length]));
`;
const TIMES = 8;

describe.runIf(hasBrowser())('what has left the page is not held', () => {
  const h = useHarness();
  let cdp: CDPSession;
  const open = async (isRecorded: boolean): Promise<string[]> => {
    h.server.pages['/frame'] =
      '<!doctype html><style>p{}</style><body style="height:3000px"><p>in a frame</p><input><div id=h></div></body>';
    h.server.pages['/nested'] = '<!doctype html><body><iframe src="/frame"></iframe></body>';
    h.server.pages['/plain'] = '<!doctype html><body><p>x</p></body>';
    h.server.pages['/'] = html('<p>x</p>', 'data-network=full');
    await h.openRecorded(isRecorded);
    await h.page.evaluate(`{ ${WAYS} }`);
    cdp = await h.context.newCDPSession(h.page);
    return h.page.evaluate(() => Object.keys((window as unknown as { ways: object }).ways));
  };
  const collectGarbage = async (): Promise<void> => {
    await cdp.send('HeapProfiler.enable');
    // Some of it is let go of by timers of a few seconds.
    for (let i = 0; i < 8; i++) {
      await cdp.send('HeapProfiler.collectGarbage');
      await h.page.waitForTimeout(100);
    }
  };
  /** Of each way that was used, how much is still held. */
  const alive = async (): Promise<Record<string, number>> => {
    await collectGarbage();
    return h.page.evaluate(() => (window as unknown as { alive: () => Record<string, number> }).alive());
  };
  /** Counts the nodes that are in no document, by heap snapshot. */
  const detached = async (): Promise<number> => {
    const parts: string[] = [];
    cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void parts.push(chunk));
    await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    const { snapshot, nodes } = JSON.parse(parts.join('')) as { snapshot: { meta: { node_fields: string[] } }; nodes: number[] };
    const fields = snapshot.meta.node_fields;
    return nodes.filter((value, at) => at % fields.length === fields.indexOf('detachedness') && value === 2).length;
  };
  const use = (way: string, times: number): Promise<void> =>
    h.page.evaluate(([name, n]) => (window as unknown as { use: (way: string, times: number) => Promise<void> }).use(name, n), [
      way,
      times,
    ] as const);

  test('each way, beside the page without the recorder', async () => {
    const measure = async (isRecorded: boolean) => {
      for (const name of await open(isRecorded)) {
        await use(name, TIMES);
      }
      return { found: await alive(), detached: await detached() };
    };
    const plain = await measure(false);
    const recorded = await measure(true);
    // The last of each kind may be named by the browser itself: what has focus, or was used last.
    const held = Object.keys(plain.found).filter((name) => recorded.found[name]! > plain.found[name]! + 3);
    expect(held.map((name) => ({ name, plain: plain.found[name], recorded: recorded.found[name] }))).toEqual([]);
    expect(recorded.detached - plain.detached).toBeLessThan(20);
  });

  test('40 frames leave no document behind', async () => {
    const documents = async (isRecorded: boolean): Promise<number> => {
      await open(isRecorded);
      await use('frames', 40);
      await collectGarbage();
      await cdp.send('Performance.enable');
      return (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'Documents')!.value;
    };
    const plain = await documents(false);
    expect(await documents(true)).toBeLessThanOrEqual(plain + 1);
  });
});
