import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

declare global {
  interface Window {
    grow: () => void;
  }
}

/** Bundles a page of a library in its production build: there it puts its rules in with `insertRule` and counts them. */
async function bundle(entry: string, alias: Record<string, string>): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'support', 'css-in-js', entry)],
    bundle: true,
    write: false,
    format: 'iife',
    alias,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
  });
  return outputFiles[0]!.text;
}

describe.runIf(hasBrowser())('pages that are styled by script', () => {
  const h = useHarness();

  test.each([
    ['styled-components 5', 'styled-components.js', { 'styled-components': 'styled-components-5' }],
    ['styled-components 6', 'styled-components.js', { 'styled-components': 'styled-components-6' }],
    ['emotion', 'emotion.js', {}],
    ['goober', 'goober.js', {}],
  ] as [string, string, Record<string, string>][])(
    '%s: computed styles are those of the page without the recorder',
    async (_, entry, alias) => {
      h.server.files['/page.js'] = { type: 'text/javascript', body: Buffer.from(await bundle(entry, alias)) };
      const body =
        '<div id=root></div><script>window.start = () => document.body.append(Object.assign(document.createElement("script"), { src: "/page.js" }));</script>';
      h.server.pages['/plain'] = `<!doctype html><body>${body}</body>`;
      h.server.pages['/'] = html(body);
      const run = async (path: string) => {
        await h.open(path);
        if (path === '/') {
          await h.server.until(() => h.server.batches.length > 0, 'the snapshot');
        }
        return h.page.evaluate(async () => {
          (window as unknown as { start: () => void }).start();
          while (document.querySelectorAll('input').length < 4) {
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          for (let i = 0; i < 3; i++) {
            window.grow();
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          const style = (element: Element, pseudo?: string): string =>
            Array.from(
              getComputedStyle(element, pseudo),
              (name) => `${name}:${getComputedStyle(element, pseudo).getPropertyValue(name)}`,
            ).join(';');
          return {
            rules: Array.from(document.styleSheets).reduce((sum, sheet) => sum + sheet.cssRules.length, 0),
            styles: Array.from(document.body.querySelectorAll(':not(script)')).flatMap((element) => [
              style(element),
              style(element, '::placeholder'),
            ]),
          };
        });
      };
      const plain = await run('/plain');
      const recorded = await run('/');
      expect(plain.rules).toBeGreaterThan(20);
      expect(plain.styles.some((style) => style.includes('rgb(0, 128, 0)'))).toBe(true);
      expect(recorded.rules).toBe(plain.rules);
      expect(recorded.styles).toEqual(plain.styles);
      // What the page has put in is recorded.
      await h.said('end');
      expect(/rgb\(0, ?128, ?0\)/.test(h.allText() + [...h.server.assets.values()].join())).toBe(true);
      expect(h.pageErrors).toEqual([]);
    },
  );
});
