import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { encodeBatch } from '@session-replay/format';
import { useHarness, type Harness } from '../../../recorder/test/support/harness.ts';
import { FRAME_PAGE, stagePage } from './frame-page.ts';

const VIEWPORT = { width: 1000, height: 700 };
let script: Promise<string> | undefined;

/** Records pages and replays them: a real browser on both sides, and a server between. */
export interface RoundTrip {
  h: Harness;
  /** Opens a page that records itself, with a viewport of a fixed size. */
  open: (path?: string) => Promise<Page>;
  /** Shows what was recorded until now, at its end or at a moment: after a seek, or played from its begin. */
  replay: (way?: 'seek' | 'play', options?: { at?: number; colorScheme?: 'dark' | 'light' }) => Promise<Replayed>;
}

/** A page in which a recording is shown. */
interface Replayed {
  page: Page;
  /** Evaluates an expression with `document` of the replayed page. */
  read: <T>(expression: string) => Promise<T>;
}

/** Registers a harness for recording and replay around the tests of a suite. */
export function useRoundTrip(): RoundTrip {
  const h = useHarness();
  return {
    h,
    open: async (path = '/') => {
      await h.page.setViewportSize(VIEWPORT);
      await h.open(path);
      return h.page;
    },
    replay: async (way = 'seek', { at, colorScheme } = {}) => {
      await h.said(`replay ${Math.random()}`);
      const recorded = publish(h);
      const context = await h.browser.newContext({ viewport: VIEWPORT, colorScheme });
      const page = await context.newPage();
      h.server.pages['/replay'] =
        '<!doctype html><link rel=icon href="data:,"><style>body{margin:0}iframe{border:0;display:block;width:100%;height:100%}</style><body></body>';
      h.server.pages['/replay-frame'] = FRAME_PAGE;
      h.server.pages['/replay-stage'] = (await stagePage()).html;
      await page.goto(`${h.server.origin}/replay`);
      script ??= bundle();
      await page.addScriptTag({ content: await script });
      await page.evaluate(([r, w, t]) => (globalThis as unknown as { show: (...args: unknown[]) => Promise<void> }).show(r, w, t), [
        recorded,
        way,
        at,
      ] as const);
      const read = <T>(expression: string) =>
        page.evaluate(
          `((document, window, getComputedStyle) => (${expression}))(replayed(), replayed().defaultView, (...a) => replayed().defaultView.getComputedStyle(...a))`,
        ) as Promise<T>;
      return { page, read };
    },
  };
}

/** The place and size of elements, in whole pixels, by selector. */
export function boxes(...selectors: string[]): string {
  return `Object.fromEntries(${JSON.stringify(selectors)}.map((s) => { const r = document.querySelector(s)?.getBoundingClientRect(); return [s, r && [r.x, r.y, r.width, r.height].map(Math.round).join(' ')]; }))`;
}

/** A computed style of elements, by selector. */
export function styles(property: string, ...selectors: string[]): string {
  return `Object.fromEntries(${JSON.stringify(selectors)}.map((s) => [s, document.querySelector(s) && getComputedStyle(document.querySelector(s))[${JSON.stringify(property)}]]))`;
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('round-trip.entry.ts', import.meta.url));
  return (await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife' })).outputFiles[0]!.text;
}

/** Puts the batches of the newest window and all assets on the server. */
function publish({ server }: Harness): object[] {
  const window = server.batches.at(-1)!.window;
  for (const [hash, body] of server.assetBodies) {
    server.files[`/recorded/${hash}`] = { type: server.assetTypes.get(hash)!, body };
  }
  let last = 0;
  return server.batches.filter((b) => b.window === window).map(({ batch, dom }) => {
    server.files[`/recorded/${window}/${batch.seq}`] = { type: 'application/x-protobuf', body: Buffer.from(encodeBatch(batch)) };
    // What the tests themselves say is not a moment of the page.
    const times = dom.length > 0 ? dom.map(({ timestamp }) => timestamp) : [last];
    last = Math.max(...times);
    return { window, seq: batch.seq, from: Math.min(...times), to: Math.max(...times), snapshot: dom.some(({ type }) => type === 2) };
  });
}
