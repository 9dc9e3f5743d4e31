import type { ChunkInfo, WindowInfo } from '../../src/data/types.ts';
import { Assets } from '../../src/loading/assets.ts';
import { readChunk } from '../../src/loading/read-chunk.ts';
import type { ChunkSource } from '../../src/stage/page-feed.ts';

/** Gives a stage the parts of a recording that lie at `/recorded/{window}/{seq}` and `/recorded/{hash}`. */
export function recordedSource(): ChunkSource {
  const assets = new Assets(async function* (hashes) {
    for (const asset of hashes) {
      const response = await fetch(`/recorded/${asset}`);
      if (response.ok) {
        const head = { asset, type: response.headers.get('Content-Type'), encoding: 'identity' };
        yield { head, body: new Uint8Array(await response.arrayBuffer()) };
      }
    }
    return false;
  });
  return {
    prepare: () => undefined,
    load: async (window: WindowInfo, chunk: ChunkInfo) => {
      const bytes = new Uint8Array(await (await fetch(`/recorded/${window.id}/${chunk.seq}`)).arrayBuffer());
      const { page } = await readChunk({ bytes, encoding: 'identity', length: bytes.length, from: chunk.from }, window, chunk);
      return { window: window.id, seq: chunk.seq, bytes: bytes.length, page: { ...page, ...(await assets.namedIn(page.block)) } };
    },
  };
}
