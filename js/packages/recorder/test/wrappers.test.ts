import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { useHarness } from './support/harness.ts';

/** What is watched of the browser, as the page's code finds it: the object, the property and the part of it. */
const PLACES = [
  ['window', 'fetch', 'value'],
  ['console', 'log', 'value'],
  ['console', 'error', 'value'],
  ['History.prototype', 'pushState', 'value'],
  ['History.prototype', 'replaceState', 'value'],
  ['XMLHttpRequest.prototype', 'open', 'value'],
  ['XMLHttpRequest.prototype', 'send', 'value'],
  ['Navigator.prototype', 'sendBeacon', 'value'],
  ['CSSStyleSheet.prototype', 'insertRule', 'value'],
  ['CSSStyleSheet.prototype', 'deleteRule', 'value'],
  ['CSSStyleSheet.prototype', 'addRule', 'value'],
  ['CSSStyleSheet.prototype', 'removeRule', 'value'],
  ['CSSStyleSheet.prototype', 'replace', 'value'],
  ['CSSStyleSheet.prototype', 'replaceSync', 'value'],
  ['CSSGroupingRule.prototype', 'insertRule', 'value'],
  ['CSSGroupingRule.prototype', 'deleteRule', 'value'],
  ['CSSStyleDeclaration.prototype', 'setProperty', 'value'],
  ['CSSStyleDeclaration.prototype', 'removeProperty', 'value'],
  ['Element.prototype', 'attachShadow', 'value'],
  ['CustomElementRegistry.prototype', 'define', 'value'],
  ['HTMLInputElement.prototype', 'value', 'set'],
  ['HTMLInputElement.prototype', 'checked', 'set'],
  ['HTMLSelectElement.prototype', 'value', 'set'],
  ['HTMLSelectElement.prototype', 'selectedIndex', 'set'],
  ['HTMLTextAreaElement.prototype', 'value', 'set'],
  ['HTMLOptionElement.prototype', 'selected', 'set'],
  ['Document.prototype', 'adoptedStyleSheets', 'set'],
  ['ShadowRoot.prototype', 'adoptedStyleSheets', 'set'],
] as const;

/** Runs in the page: finds and changes functions of the browser. */
const tools = `
  window.places = ${JSON.stringify(PLACES)}.map(([owner, name, part]) => ({ of: owner.split('.').reduce((o, key) => o[key], window), name, part, key: owner + '.' + name + ' ' + part }));
  window.current = ({ of, name, part }) => Object.getOwnPropertyDescriptor(of, name)[part];
  window.put = ({ of, name, part }, f) => Object.defineProperty(of, name, { ...Object.getOwnPropertyDescriptor(of, name), [part]: f });
  window.natives = new Map(places.map((place) => [place.key, current(place)]));
`;

describe.runIf(hasBrowser())('functions that the page or another library wraps after the recorder', () => {
  const h = useHarness();
  const start = async () => {
    await h.page.clock.install();
    h.server.pages['/'] =
      `<!doctype html><html><head><script>${tools}</script><script src="/session-replay/recorder.js" data-write-key="wk"></script></head><body><style id=s>p{}</style><input id=i></body></html>`;
    await h.open();
    await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
  };
  const ways = {
    stop: () => h.page.evaluate(() => window.SessionReplay!.current()!.stop()),
    pause: async () => {
      await h.page.clock.fastForward(200_000);
      await h.page.clock.fastForward(200_000);
    },
  };
  const goOn = {
    stop: () => h.page.evaluate(async () => {
      window.SessionReplay!.current()!.start();
      await window.SessionReplay!.current()!.ready;
    }),
    pause: () => h.page.evaluate(() => void dispatchEvent(new Event('keydown'))),
  };

  test('each is watched, and nothing of the recorder is left after stop()', async () => {
    await start();
    const look = () => h.page.evaluate(`places.filter((place) => current(place) !== natives.get(place.key)).map(({ key }) => key)`);
    expect(await look()).toEqual(PLACES.map(([owner, name, part]) => `${owner}.${name} ${part}`));
    await ways.stop();
    expect(await look()).toEqual([]);
  });

  test.each(['stop', 'pause'] as const)('their wrappers stay and are called once a call: %s', async (way) => {
    await start();
    await h.page.evaluate(`
      window.calls = new Map();
      window.theirs = new Map(places.map((place) => {
        const below = current(place);
        const wrapper = function (...args) { calls.set(place.key, (calls.get(place.key) ?? 0) + 1); return below.apply(this, args); };
        put(place, wrapper);
        return [place.key, wrapper];
      }));`);
    const overwritten = () => h.page.evaluate(`places.filter((place) => current(place) !== theirs.get(place.key)).map(({ key }) => key)`);
    const use = () =>
      h.page.evaluate(() => {
        (window as unknown as { calls: Map<string, number> }).calls.clear();
        const sheet = (document.getElementById('s') as HTMLStyleElement).sheet!;
        sheet.insertRule('a{color:red}', 0);
        sheet.deleteRule(0);
        (document.getElementById('i') as HTMLInputElement).value = 'x';
        document.createElement('div').attachShadow({ mode: 'open' });
        history.replaceState(null, '', '#x');
        return [...(window as unknown as { calls: Map<string, number> }).calls].sort();
      });
    const once = [
      'CSSStyleSheet.prototype.deleteRule value', 'CSSStyleSheet.prototype.insertRule value', 'Element.prototype.attachShadow value',
      'HTMLInputElement.prototype.value set', 'History.prototype.replaceState value',
    ].map((key) => [key, 1]);
    for (let round = 0; round < 3; round++) {
      await ways[way]();
      expect(await overwritten()).toEqual([]);
      expect(await use()).toEqual(once);
      const before = h.server.batches.length;
      await goOn[way]();
      await h.server.until(() => h.server.batches.slice(before).some((b) => b.dom.some((e) => e.type === 2)), 'the next snapshot');
      expect(await overwritten()).toEqual([]);
      expect(await use()).toEqual(once);
    }
    // It records on, each change once.
    await h.page.evaluate(() => (document.getElementById('s') as HTMLStyleElement).sheet!.insertRule('.at-last{color:red}', 0));
    await h.said('end');
    expect(h.server.batches.flatMap((b) => b.dom).filter((e) => JSON.stringify(e).includes('.at-last'))).toHaveLength(1);
    expect(h.pageErrors).toEqual([]);
  });
});
