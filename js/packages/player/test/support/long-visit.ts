import { change, chunk, manifest, page } from './recordings.ts';
import type { Recording } from './replay-server.ts';
import { START, textOf } from './long-session.ts';

/** A session of many short pages in one tab, with many clicks, and now and then an error. */
export function longVisit(pages: number, clicks: number, pageMs = 20_000): Recording {
  const windows = Array.from({ length: pages }, (_, i) => {
    const from = START + i * pageMs;
    const to = from + pageMs - 500;
    return {
      id: `p${i}`, clockOffset: 0, from, to, url: `https://shop.example/product/${i}`, title: `Product ${i}`, closed: true, missing: [],
      chunks: [chunk(0, from, to, true, [[from, to]])],
    };
  });
  const all = pages * pageMs;
  const markers = [
    ...Array.from({ length: clicks }, (_, i) => ({ at: ((i * 7919) % clicks) / clicks, kind: 'click', label: 'Add to cart · button.add' })),
    ...windows.map((w, i) => ({ at: i / pages, kind: 'navigation', label: w.url })),
    ...[0.1, 0.4, 0.8].map((at) => ({ at, kind: 'error', label: 'x is undefined' })),
  ]
    .map(({ at, kind, label }) => ({ time: START + at * all, window: `p${Math.min(pages - 1, Math.floor(at * pages))}`, kind, label }))
    .sort((a, b) => a.time - b.time);
  return {
    manifest: manifest(windows, {
      markers,
      session: { user: { id: 'u1', name: 'Ada Lovelace', email: 'ada@example.com', traitsJson: '{}' }, pages, clicks, bytes: 100_000_000 },
    }),
    events: (id) => {
      const i = Number(id.slice(1));
      return [...page(windows[i]!.from, textOf(i)), change(windows[i]!.to, `${textOf(i)} at its end`)];
    },
  };
}
