import type { DomEvent } from '../src/data/chunk-events.ts';
import type { ChunkSource } from '../src/stage/page-feed.ts';
import { Stage } from '../src/stage/stage.ts';
import { chunkEvents } from './support/chunk-events.ts';
import { oneChunk } from './support/one-chunk.ts';

let stage: Stage | undefined;
let size = [0, 0];

/** Shows a recording up to its end: at once, as a seek does it, or event by event, as playing does it. */
async function show(json: string, way: 'seek' | 'play'): Promise<void> {
  const events = JSON.parse(json) as DomEvent[];
  const times = events.map((e) => e.timestamp);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const window = oneChunk(from, to, events.length);
  const source: ChunkSource = {
    prepare: () => undefined,
    load: () => Promise.resolve({ window: 'a', seq: 0, bytes: 1, page: chunkEvents(events) }),
  };
  stage?.destroy();
  stage = new Stage(document.getElementById('stage')!, '/replay-stage', source, { onResize: (width, height) => (size = [width, height]) });
  await stage.show(window, way === 'seek' ? to : from, way === 'play');
}

/** What came of it. */
function look(): object {
  const shown = stage!.document!;
  const depth = (node: Element): number => {
    let deepest = 0;
    for (const open: [Element, number][] = [[node, 1]]; open.length > 0; ) {
      const [at, level] = open.pop()!;
      deepest = Math.max(deepest, level);
      for (const child of at.children) {
        open.push([child, level + 1]);
      }
    }
    return deepest;
  };
  const realms = [window, shown.defaultView!.parent] as unknown as { Object: new () => Record<string, unknown> }[];
  return {
    last: shown.getElementById('last')?.textContent ?? '',
    size,
    depth: depth(shown.documentElement),
    nodes: shown.querySelectorAll('*').length,
    frames: shown.querySelectorAll('iframe').length,
    focus: document.activeElement?.id ?? '',
    polluted: realms.some((realm) => new realm.Object()['polluted'] !== undefined),
    html: shown.documentElement.outerHTML.length < 20_000 ? shown.documentElement.outerHTML : '',
  };
}

Object.assign(globalThis, { show, look });
