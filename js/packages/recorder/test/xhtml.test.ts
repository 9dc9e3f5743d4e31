import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { useHarness } from './support/harness.ts';

/** A page in XML, where the names of elements are in small letters and may have a prefix. */
const page = (
  attributes: string,
) => `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:h="http://www.w3.org/1999/xhtml"><head><title>T</title>
  <script src="/session-replay/recorder.js" data-write-key="wk" ${attributes}></script><style>p { color: teal }</style></head><body><p>said-in-the-page</p>
  <form><input id="i" /><h:input id="h" /><input id="p" type="password" /><textarea id="t">text-before</textarea><select id="s"><option>one</option><option>two</option></select></form>
  <script>const inPage = 'script-of-the-page';</script><svg xmlns="http://www.w3.org/2000/svg"><script>/* script-in-svg */</script></svg>
  <iframe id="f" srcdoc="&lt;p&gt;said-in-the-frame&lt;/p&gt;"></iframe></body></html>`;

describe.runIf(hasBrowser())('a page in XHTML', () => {
  const h = useHarness();
  const record = async (attributes: string) => {
    h.server.files['/page.xhtml'] = { type: 'application/xhtml+xml', body: Buffer.from(page(attributes)) };
    await h.open('/page.xhtml');
    await h.page.fill('#i', 'typed-words');
    await h.page.fill('#p', 'pass-phrase');
    await h.page.fill('#t', 'text-after');
    await h.page.locator('#t').blur();
    await h.page.selectOption('#s', 'two');
    await h.page.evaluate(() => {
      (document.getElementById('h') as HTMLInputElement).value = 'typed-more';
      document.body.insertAdjacentHTML('beforeend', '<textarea xmlns="http://www.w3.org/1999/xhtml">text-added</textarea>');
    });
    await h.said('end');
    return JSON.stringify(h.server.batches.flatMap((b) => b.dom));
  };

  test('its fields, its style and its frame are recorded', async () => {
    const dom = await record('data-unmask-input-selector="*"');
    for (const shown of [
      'typed-words', 'typed-more', 'text-before', 'text-after', 'text-added', '"two"', 'teal', 'said-in-the-page', 'said-in-the-frame',
    ]) {
      expect(dom).toContain(shown);
    }
    for (const hidden of ['pass-phrase', 'script-of-the-page', 'script-in-svg']) {
      expect(h.allText()).not.toContain(hidden);
    }
  });

  test('it is masked as any other', async () => {
    const dom = await record('data-mask-all-text="true"');
    expect(dom).toContain('teal');
    for (const hidden of ['typed-', 'pass-phrase', 'text-before', 'text-after', 'text-added', 'said-in', 'script-']) {
      expect(h.allText()).not.toContain(hidden);
    }
  });
});
