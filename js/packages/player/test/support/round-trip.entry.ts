import type { WindowInfo } from '../../src/data/types.ts';
import { Stage } from '../../src/stage/stage.ts';
import { recordedSource } from './recorded-source.ts';

interface Recorded {
  window: string;
  seq: number;
  from: number;
  to: number;
  snapshot: boolean;
}

let stage: Stage | undefined;

/** Shows the recorded window at a moment (at its end, unless one is given), or plays it from its begin. */
async function show(recorded: Recorded[], way: 'seek' | 'play', at?: number): Promise<void> {
  const chunks = recorded.map(({ seq, from, to, snapshot }) => ({ seq, from, to, events: 1, bytes: 1, snapshot }));
  const [from, to] = [Math.min(...chunks.map((c) => c.from)), Math.max(...chunks.map((c) => c.to))];
  const window: WindowInfo = {
    id: recorded[0]!.window, clockOffset: 0, from, to, url: null, title: null, closed: true, missing: [], chunks,
  };
  const root = document.createElement('div');
  document.body.append(root);
  stage = new Stage(root, '/replay-stage', recordedSource(), {
    onResize: (width, height) => Object.assign(root.style, { width: `${width}px`, height: `${height}px` }),
  });
  await stage.show(window, way === 'play' ? from : (at ?? to), way === 'play');
  // As the player does it: the playhead's time goes on by itself.
  const began = performance.now();
  for (let time = from; way === 'play' && time < to + 200; time = from + performance.now() - began) {
    await stage.prefetch(time);
    if (stage.isBehind(time)) {
      await stage.show(window, time, true);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // What is done after events while a page plays is put off by so much at most.
  await new Promise((resolve) => setTimeout(resolve, way === 'play' ? 700 : 0));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

Object.assign(globalThis, { show, replayed: () => stage!.document, missingStyles: () => stage!.missingStyles });
