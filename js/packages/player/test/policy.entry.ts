import type { DomEvent } from '../src/data/chunk-events.ts';
import { FrameLoader } from '../src/replay/frame.ts';
import { LoadedFiles } from '../src/replay/loaded-files.ts';
import { ReplayedPage } from '../src/replay/replayed-page.ts';
import { sanitizeEvent } from '../src/replay/sanitize-event.ts';

/**
 * Shows a recording in the page it is called in, and then again in its place; gives the text that is shown. With `sanitize` off the frame's
 * own policy stands alone.
 */
async function show(events: DomEvent[], sanitize: boolean): Promise<string> {
  if (sanitize && !events.every((event) => sanitizeEvent(event))) {
    throw new Error('refused');
  }
  const frame = new FrameLoader(document.body, '/replay-frame');
  let text = '';
  for (const id of [1, 2]) {
    const page = new ReplayedPage(id, new LoadedFiles(), { onResize: () => undefined, onEnd: () => undefined });
    page.feed(structuredClone(events), true);
    page.begin((await frame.ready())!, 1);
    page.show(events.at(-1)!.timestamp, false);
    text += page.document?.body.innerText ?? '';
    page.destroy();
  }
  return text;
}

Object.assign(globalThis, { show });
