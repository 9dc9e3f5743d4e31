import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

/** What pages put in the place of what the language and the browser give, as old libraries, polyfills and mistakes do. */
const REPLACED: [string, string][] = [
  [
    'Array.from as of Prototype.js',
    'Array.from = function (x) { if (!x) return []; const r = []; for (let i = 0; i < x.length; i++) r.push(x[i]); return r; };',
  ],
  ['Array.from that throws', 'Array.from = () => { throw new Error("of the page"); };'],
  ['Array.isArray', 'Array.isArray = () => false;'],
  ['Array.prototype.toJSON', 'Array.prototype.toJSON = function () { return "[" + this.length + "]"; };'],
  ['Object.prototype.toJSON', 'Object.defineProperty(Object.prototype, "toJSON", { configurable: true, value() { return 1; } });'],
  ['String.prototype.toJSON', 'String.prototype.toJSON = function () { return "x"; };'],
  ['Date.now in seconds', 'const now = Date.now; Date.now = () => Math.floor(now() / 1000);'],
  ['Date.now that stands still', 'const still = Date.now(); Date.now = () => still;'],
  ['Date.now that throws', 'Date.now = () => { throw new Error("of the page"); };'],
  ['Date', 'window.Date = class { getTime() { return 5; } static now() { return 5; } };'],
  ['JSON', 'window.JSON = { stringify: () => "{}", parse: () => ({}) };'],
  ['JSON.stringify', 'JSON.stringify = () => "null";'],
  ['JSON.parse', 'JSON.parse = () => null;'],
  [
    'Promise',
    'window.Promise = class { constructor() {} then() { return this; } catch() { return this; } static resolve() { return new this(); } static all() { return new this(); } static race() { return new this(); } };',
  ],
  ['Promise.all', 'Promise.all = () => new Promise(() => {}); Promise.race = Promise.all;'],
  ['fetch that is never answered', 'window.fetch = () => new Promise(() => {});'],
  ['fetch that throws', 'window.fetch = () => { throw new Error("of the page"); };'],
  ['no fetch', 'window.fetch = undefined;'],
  ['Object.keys', 'Object.keys = () => [];'],
  ['Object.assign', 'Object.assign = () => ({});'],
  ['Object.entries and values', 'Object.entries = Object.values = Object.fromEntries = () => [];'],
  ['Object.defineProperty', 'Object.defineProperty = () => { throw new Error("of the page"); };'],
  ['Map', 'window.Map = class { get() {} set() {} has() { return false; } forEach() {} };'],
  [
    'Set and WeakMap',
    'window.Set = class { add() {} has() { return true; } forEach() {} }; window.WeakMap = class { get() {} set() {} has() { return true; } };',
  ],
  ['Reflect and Proxy', 'window.Reflect = {}; window.Proxy = function () {};'],
  ['Math', 'Math.random = () => 0; Math.min = Math.max = Math.floor = () => NaN;'],
  ['URL', 'window.URL = function () { throw new Error("of the page"); };'],
  ['MutationObserver', 'window.MutationObserver = class { observe() {} disconnect() {} takeRecords() { return []; } };'],
  ['addEventListener', 'EventTarget.prototype.addEventListener = window.addEventListener = function () {};'],
  [
    'properties of nodes',
    'for (const name of ["childNodes", "parentNode", "textContent", "firstChild"]) { Object.defineProperty(Node.prototype, name, { configurable: true, get() { return null; } }); }',
  ],
];
const RECORDER = '<script src="/session-replay/recorder.js" data-write-key="wk"></script>';

describe.runIf(hasBrowser())('a page that replaces what the recorder needs', () => {
  const h = useHarness();
  const watch = async (): Promise<void> => {
    await h.server.until(() => h.server.batches.some((b) => b.dom.some((e) => e.type === 2)), 'a snapshot');
    // The page's own functions do what they do: only what the recorder needs is looked at.
    await h.page.evaluate(() => {
      console.log('a line', { list: [1, 2] });
      document.getElementById('p')!.append('changed by the page');
    });
    await h.page.evaluate(() => {
      window.SessionReplay!.current()!.track('said', { list: [1, 2] });
      window.SessionReplay!.current()!.flush();
    });
    await h.server.until(() => h.server.events.some((e) => e.custom?.name === 'said'), 'what the application said');
    expect(h.server.batches[0]!.session).toMatch(/^[0-9a-f]{32}$/);
    expect(h.server.events.find((e) => e.custom)!.custom!.properties_json).toBe('{"list":[1,2]}');
    expect(h.server.events.find((e) => e.console)!.console!.args).toEqual(['a line', '{"list":[1,2]}']);
    expect(h.allText()).toContain('changed by the page');
    expect(h.server.events.every((e) => Math.abs(e.time - Date.now()) < 600_000)).toBe(true);
    expect(h.server.events.some((e) => e.time !== h.server.events[0]!.time)).toBe(true);
  };

  test.each(REPLACED)('before it starts: %s', async (_, script) => {
    h.server.pages['/'] =
      `<!doctype html><html><head><title>T</title><script>{ ${script} }</script>${RECORDER}</head><body><p id=p>x</p></body></html>`;
    await h.page.goto(h.server.origin);
    await watch();
  });

  test.each(REPLACED)('after it has started: %s', async (_, script) => {
    h.server.pages['/'] =
      `<!doctype html><html><head><title>T</title>${RECORDER}<script>{ ${script} }</script></head><body><p id=p>x</p></body></html>`;
    await h.page.goto(h.server.origin);
    await watch();
  });

  test('a page that has replaced nothing gets no frame, not for a moment', async () => {
    h.server.pages['/'] = html('<p>x</p>').replace(
      '<head>',
      `<head><script>
      window.frames_seen = 0; new MutationObserver((list) => list.forEach((m) => m.addedNodes.forEach((n) => { if (n.localName === 'iframe') { frames_seen++; } }))).observe(document, { childList: true, subtree: true });</script>`,
    );
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
    expect(await h.page.evaluate(() => (window as unknown as { frames_seen: number }).frames_seen)).toBe(0);
  });

  test('with zone.js the recorder runs outside of the application\'s zone', async () => {
    const zone = readFileSync(join(import.meta.dirname, '..', '..', '..', 'node_modules', 'zone.js', 'bundles', 'zone.umd.js'));
    h.server.files['/zone.js'] = { type: 'text/javascript', body: zone };
    h.server.pages['/'] = `<!doctype html><html><head><script src="/zone.js"></script><script>
      window.tasks = []; Zone.current.fork({ name: 'application', onInvokeTask: (d, c, t, task, self, args) => { tasks.push(task.source); return d.invokeTask(t, task, self, args); } }).run(() => {
        const s = document.createElement('script'); s.src = '/session-replay/recorder.js'; s.dataset.writeKey = 'wk'; s.async = false; document.head.append(s);
        });</script></head><body><p id=p>x</p></body></html>`;
    await h.page.goto(h.server.origin);
    await watch();
    h.server.files['/i.png'] = { type: 'image/png', body: Buffer.from('') };
    await h.page.evaluate(() => {
      document.body.append(
        Object.assign(document.createElement('img'), { src: '/i.png' }),
        Object.assign(document.createElement('style'), { textContent: 'p{}' }),
      );
      document.body.append(document.createElement('iframe'));
    });
    await h.page.waitForTimeout(200);
    await h.page.mouse.move(10, 10);
    await h.page.mouse.click(20, 20);
    await h.said('end');
    expect(await h.page.evaluate(() => (window as unknown as { tasks: string[] }).tasks)).toEqual([]);
  });

  test('nothing of the language is looked up while it records', () => {
    for (const name of ['recorder.js', 'recorder.mjs']) {
      const text = readFileSync(join(import.meta.dirname, '..', 'dist', name), 'utf8');
      const left = [
        ...text.matchAll(/(?<![.\w$])(Array|Object|JSON|Math|Reflect|Number|Promise|Date|String|Uint8Array|performance|crypto)\.(\w+)/g),
      ].map(([found]) => found);
      expect(left.filter((found) => !ALLOWED.includes(found))).toEqual([]);
    }
  });
});

/** What is looked up by design: what has no effect when it is replaced, or is asked once at the start. */
const ALLOWED = ['Math.LN2', 'Object.prototype', 'Promise.prototype', 'crypto.subtle', 'performance.interactionCount'];
