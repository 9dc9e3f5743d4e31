import type { ChunkLoader, DomEvent } from '../src/data/chunk-loader.ts';
import type { WindowInfo } from '../src/data/types.ts';
import { sanitizeEvent } from '../src/replay/sanitize-event.ts';
import { ReplayFrames } from '../src/replay/frame.ts';
import { Stage } from '../src/replay/stage.ts';

/** Shows a recording in the page it is called in; gives the text that is shown. With `sanitize` off the frame's own policy stands alone. */
async function show(events: DomEvent[], sanitize: boolean): Promise<string> {
  if (sanitize && !events.every((event) => sanitizeEvent(event))) {
    throw new Error('refused');
  }
  const times = events.map((e) => e.timestamp);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const window: WindowInfo = {
    id: 'a', clockOffset: 0, from, to, url: null, title: null, closed: true, missing: [], chunks: [{ seq: 0, from, to, events: events.length, bytes: 1, snapshot: true }],
  };
  const loader = { load: () => Promise.resolve({ window: 'a', seq: 0, dom: events, other: [] }) } as unknown as ChunkLoader;
  const stage = new Stage(new ReplayFrames(document.body, '/replay-frame'), loader, { onResize: () => undefined });
  await stage.show(window, to, false);
  return stage.document?.body.innerText ?? '';
}

Object.assign(globalThis, { show });
