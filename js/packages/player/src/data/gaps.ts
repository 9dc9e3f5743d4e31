import { chunkKey } from './chunk-error.ts';
import type { ChunkInfo, WindowInfo } from './types.ts';

/** A stretch of a window of which something is missing. */
export interface Gap {
  window: string;
  /** The end of the last batch before it. */
  from: number;
  /** The begin of the first batch after it. */
  to: number;
  /** When its page can be shown again; undefined when it cannot within its window. */
  resume: number | undefined;
  reason: string;
}

interface Hole {
  first: number;
  last: number;
  reason: string;
}

/** Takes out of a window the chunks that turned out to be unreadable: they are as good as missing. */
export function withoutUnreadable(window: WindowInfo, unreadable: ReadonlyMap<string, string>): WindowInfo {
  const chunks = window.chunks.filter((chunk) => !unreadable.has(chunkKey(window.id, chunk.seq)));
  return chunks.length === window.chunks.length ? window : { ...window, chunks };
}

/**
 * The chunks of a window that can be played: from a full snapshot on, as long as no batch is missing. The changes
 * after a gap were made on another page than the one that is shown, so the replay continues at the next full snapshot.
 */
export function playable(window: WindowInfo): ChunkInfo[] {
  const known = playables.get(window);
  if (known) {
    return known;
  }
  let next = -1;
  const found = window.chunks.filter((chunk) => {
    const fits = chunk.snapshot || chunk.seq === next;
    if (fits) {
      next = chunk.seq + 1;
    }
    return fits;
  });
  playables.set(window, found);
  return found;
}

/** Asked for with every frame that is shown; a window of a manifest never changes. */
const playables = new WeakMap<WindowInfo, ChunkInfo[]>();

/**
 * Chooses the chunks of a window to show a time: from the last full snapshot before it, up to `ahead` ms behind it. A recorder ends a batch
 * with its snapshot, so only a chunk that has ended by then is sure to have taken it.
 */
export function chunksFor(window: WindowInfo, time: number, ahead: number): ChunkInfo[] {
  const chunks = playable(window);
  const first = Math.max(0, chunks.findLastIndex((c) => c.snapshot && c.to <= time));
  const end = chunks.findIndex((c, i) => i > first && c.from > time + ahead);
  return chunks.slice(first, end < 0 ? undefined : end);
}

/** Finds where batches never arrived or cannot be read. */
export function findGaps(window: WindowInfo, unreadable: ReadonlyMap<string, string>, live: boolean): Gap[] {
  const readable = withoutUnreadable(window, unreadable);
  return holes(window, unreadable, live).map(({ first, last, reason }) => {
    const before = readable.chunks.findLast((c) => c.seq < first);
    const after = readable.chunks.find((c) => c.seq > last);
    return {
      window: window.id,
      from: before?.to ?? window.from,
      to: after?.from ?? window.to,
      resume: readable.chunks.find((c) => c.seq > last && c.snapshot)?.to,
      reason,
    };
  });
}

function holes(window: WindowInfo, unreadable: ReadonlyMap<string, string>, live: boolean): Hole[] {
  const all: Hole[] = window.missing.map(([first, last]) => ({
    first,
    last,
    reason: `${batches(first, last)} of this page ${live ? 'may still arrive' : 'never arrived'}.`,
  }));
  for (const chunk of window.chunks) {
    const reason = unreadable.get(chunkKey(window.id, chunk.seq));
    if (reason !== undefined) {
      all.push({ first: chunk.seq, last: chunk.seq, reason: `Batch ${chunk.seq} of this page cannot be read. ${reason}` });
    }
  }
  all.sort((a, b) => a.first - b.first);
  return all.reduce<Hole[]>((joined, hole) => {
    const before = joined.at(-1);
    if (before && before.last + 1 === hole.first) {
      joined[joined.length - 1] = {
        first: before.first,
        last: hole.last,
        reason: before.reason === hole.reason ? before.reason : `${before.reason} ${hole.reason}`,
      };
    } else {
      joined.push(hole);
    }
    return joined;
  }, []);
}

const batches = (first: number, last: number): string => (first === last ? `Batch ${first}` : `Batches ${first} to ${last}`);
