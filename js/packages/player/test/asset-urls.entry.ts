import { Stage } from '../src/stage/stage.ts';
import { oneChunk } from './support/one-chunk.ts';
import { recordedSource } from './support/recorded-source.ts';

/** Shows the one chunk of a session; gives what of its images, font and background the browser has loaded. */
async function show(from: number, to: number): Promise<object> {
  const window = oneChunk(from, to, 2);
  const stage = new Stage(document.body, '/replay-stage', recordedSource(), { onResize: () => undefined });
  await stage.show(window, to, false);
  const replayed = stage.document!;
  const images = [...replayed.querySelectorAll('img')];
  // Each has come or has failed; one without an address is complete at once.
  for (let i = 0; i < 900 && !images.every((image) => image.complete); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    widths: images.map((image) => image.naturalWidth),
    sources: images.map((image) => image.getAttribute('src')?.split(':')[0] ?? image.getAttribute('data-sr-src')),
    background: replayed.defaultView!.getComputedStyle(replayed.querySelector('p')!).backgroundImage.slice(0, 10),
    frames: [...replayed.querySelectorAll('iframe')].map((frame) => frame.getAttribute('src')),
  };
}

Object.assign(globalThis, { show });
