import { decodeBatch, readDomTimes, type WireEvent } from '@session-replay/format';
import type { Api } from './api.ts';
import { Assets } from './assets.ts';
import { ChunkError, chunkKey } from './chunk-error.ts';
import { readEvents, type DomEvent, type ChunkEvents } from './chunk-events.ts';
import type { ChunkInfo, WindowInfo } from './types.ts';
import { WorkQueue, type Priority } from './work-queue.ts';

/** A chunk that was loaded: its DOM events, as they were recorded, and its other events. Times are on the server's clock. */
export interface LoadedChunk {
  window: string;
  seq: number;
  /** Bytes of the batch, unpacked. */
  bytes: number;
  page: ChunkEvents;
  other: WireEvent[];
}

const CONCURRENCY = 5;

/**
 * Loads chunks once, a few at a time, and forgets the ones not used for longest: a session of any length takes no more memory than
 * `maxBytes` of its batches.
 */
export class ChunkLoader {
  private readonly chunks = new Map<string, { loading: Promise<LoadedChunk>; bytes: number }>();
  private readonly assets: Assets;
  private readonly queue = new WorkQueue(CONCURRENCY);
  private total = 0;

  constructor(
    private readonly api: Api,
    private readonly session: string,
    private readonly onLoaded: (chunk: LoadedChunk, dom: DomEvent[]) => void,
    private readonly maxBytes = 48 * 1024 * 1024,
    /** Goes round the reading of what came: a page may have made it to take long. */
    private readonly during: <T>(work: () => T) => T = (work) => work(),
  ) {
    this.assets = new Assets(api, session);
  }

  /** Bytes of the batches that are kept, unpacked. */
  get bytes(): number {
    return this.total;
  }

  /** Loads a chunk. Rejects with a ChunkError, or with Superseded after `drop`. */
  load(window: WindowInfo, chunk: ChunkInfo, priority: Priority = 'now'): Promise<LoadedChunk> {
    const key = chunkKey(window.id, chunk.seq);
    const known = this.chunks.get(key);
    if (known) {
      this.chunks.delete(key);
      this.chunks.set(key, known);
      return known.loading;
    }
    const reading = this.queue.add(priority, () => this.fetch(window, chunk));
    const entry = { loading: reading.then(([loaded]) => loaded), bytes: 0 };
    this.chunks.set(key, entry);
    reading.then(([loaded, dom]) => {
      entry.bytes = loaded.bytes;
      this.total += loaded.bytes;
      this.forget(key);
      this.during(() => this.onLoaded(loaded, dom));
    }, () => this.chunks.delete(key));
    return entry.loading;
  }

  /** Gives up what was asked for and has not begun. */
  drop(): void {
    this.queue.drop();
  }

  private forget(newest: string): void {
    for (const [key, entry] of this.chunks) {
      if (this.total <= this.maxBytes) {
        return;
      }
      if (key !== newest && entry.bytes > 0) {
        this.chunks.delete(key);
        this.total -= entry.bytes;
      }
    }
  }

  private async fetch(window: WindowInfo, chunk: ChunkInfo): Promise<[LoadedChunk, DomEvent[]]> {
    try {
      const bytes = await this.api.chunk(this.session, window.id, chunk.seq);
      const { dom, page, other } = this.during(() => readBatch(bytes, window, chunk));
      const loaded = {
        window: window.id, seq: chunk.seq, bytes: Math.max(1, bytes.length), page: { ...page, ...(await this.assets.namedIn(dom)) }, other,
      };
      return [loaded, dom];
    } catch (error) {
      throw new ChunkError(window.id, chunk.seq, error);
    }
  }
}

function readBatch(
  bytes: Uint8Array,
  window: WindowInfo,
  chunk: ChunkInfo,
): { dom: DomEvent[]; page: Pick<ChunkEvents, 'block' | 'times'>; other: WireEvent[] } {
  // A page can claim any time; those outside of the chunk's own are read as its nearest bound (docs/format/v1.md, section 2.3).
  const clamp = (time: number) => Math.min(Math.max(time + window.clockOffset, chunk.from), chunk.to);
  const { dom_events, events } = decodeBatch(bytes);
  const page = {
    // A copy: a part of a larger buffer would be handed over with all of it.
    block: new Uint8Array(dom_events ?? []),
    times: Float64Array.from(dom_events ? readDomTimes(dom_events) : [], clamp),
  };
  return {
    dom: readEvents(page),
    page,
    other: events.map((event) => ({ ...event, time: clamp(event.time) })),
  };
}
