import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

interface Mutation {
  isAttachIframe?: boolean;
  attributes?: { attributes: Record<string, unknown> }[];
}

/** A replay shows a frame's document from the moment that the visitor saw it. */
describe.runIf(hasBrowser())('frames', () => {
  const h = useHarness();

  /** The changes of the page in their order: texts of documents of frames, and what the page notes at its body. */
  const changes = (): string[] => h.server.batches.flatMap((b) => b.dom).filter((e) => e.type === 3 && e.data['source'] === 0)
    .flatMap(({ data }) => {
      const { isAttachIframe, attributes } = data as Mutation;
      const noted = attributes?.flatMap((change) => change.attributes['data-noted'] ?? []) as string[];
      return isAttachIframe ? [...JSON.stringify(data).matchAll(/"textContent":"([^"]+)"/g)].map(([, text]) => text!) : noted;
    });

  test.each([
    ['a frame in a frame', `<p>outer</p><iframe srcdoc="<p>inner</p>"></iframe>`, ['outer', 'inner']],
    ['frames in frames', `<p>1</p><iframe srcdoc="<p>2</p><iframe srcdoc='<p>3</p>'></iframe>"></iframe>`, ['1', '2', '3']],
    ['a frame with an address in a frame', '<p>outer</p><iframe src=/inner></iframe>', ['outer', 'of an address']],
  ])('are recorded in the task that loads them: %s', async (_, source, expected) => {
    h.server.pages['/'] = html('<main></main>');
    h.server.pages['/inner'] = '<!doctype html><p>of an address</p>';
    await h.open();
    await h.page.evaluate(async (srcdoc) => {
      const frame = document.createElement('iframe');
      frame.srcdoc = srcdoc;
      document.body.append(frame);
      // The recorder hears of the load before.
      await new Promise((resolve) => setTimeout(resolve));
      await new Promise<void>((resolve) => frame.addEventListener('load', () => {
        document.body.dataset['noted'] = 'noted';
        resolve();
      }));
    }, source);
    await h.said('loaded');
    expect(changes()).toEqual([...expected, 'noted']);
  });

  test('a frame that the page fills at once is recorded before what the page does next', async () => {
    h.server.pages['/'] = html('<main></main>');
    await h.open();
    await h.page.evaluate(async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      frame.contentDocument!.body.innerHTML = '<p>filled</p>';
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      document.body.dataset['noted'] = 'noted';
    });
    await h.said('filled');
    expect(changes()).toEqual(['filled', 'noted']);
  });
});
