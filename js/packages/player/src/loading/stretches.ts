import { chunkKey } from '../data/chunk-error.ts';
import type { ChunkInfo, WindowInfo } from '../data/types.ts';

/** What the loader knows of a window. */
export type KnownWindow = Pick<WindowInfo, 'id' | 'clockOffset'> & { chunks: readonly Pick<ChunkInfo, 'seq' | 'from' | 'to' | 'bytes'>[] };

/** A chunk by its place among those of the session. */
export interface Place {
  window: number;
  chunk: number;
}

/** Batches of a window that are asked for, from one number to another. */
interface Stretch {
  window: string;
  first: number;
  last: number;
}

/** What one request asks for. */
export interface Plan {
  /** The chunks, by key. */
  keys: Set<string>;
  /** The query of the request. */
  query: string[];
}

/** The server's bounds on one request. */
const MAX_STRETCHES = 32;
const MAX_CHUNKS = 1000;

/** The windows of a session with their chunks, in the order in which they are played. */
export class KnownChunks {
  private windows: readonly KnownWindow[] = [];
  private readonly places = new Map<string, Place>();

  know(windows: readonly KnownWindow[]): void {
    this.windows = windows;
    this.places.clear();
    windows.forEach(({ id, chunks }, window) => chunks.forEach(({ seq }, chunk) => this.places.set(chunkKey(id, seq), { window, chunk })));
  }

  find(key: string): { window: KnownWindow; chunk: KnownWindow['chunks'][number] } | undefined {
    const place = this.places.get(key);
    const window = place && this.windows[place.window];
    return window && { window, chunk: window.chunks[place.chunk]! };
  }

  /**
   * Plans a request for what is wanted, and for what is played after it, up to `budget` bytes.
   * @param isThere Whether a chunk need not be asked for.
   */
  plan(wanted: readonly string[], isThere: (key: string) => boolean, budget: number): Plan {
    const places = wanted.map((key) => this.places.get(key)).filter((place) => place !== undefined);
    const chosen = new Request(this.windows, isThere, budget);
    for (const place of places.sort(inOrder)) {
      chosen.add(place);
    }
    for (let next = places.at(-1); next && chosen.hasRoom; ) {
      next = this.after(next);
      chosen.add(next);
    }
    return { keys: chosen.keys, query: chosen.stretches.map(({ window, first, last }) => `stretch=${window}.${first}-${last}`) };
  }

  private after({ window, chunk }: Place): Place | undefined {
    if (chunk + 1 < this.windows[window]!.chunks.length) {
      return { window, chunk: chunk + 1 };
    }
    return window + 1 < this.windows.length ? { window: window + 1, chunk: 0 } : undefined;
  }
}

/** Collects the stretches of a request. */
class Request {
  readonly keys = new Set<string>();
  readonly stretches: Stretch[] = [];
  private bytes = 0;
  private last: Place | undefined;

  constructor(
    private readonly windows: readonly KnownWindow[],
    private readonly isThere: (key: string) => boolean,
    private readonly budget: number,
  ) {}

  get hasRoom(): boolean {
    return this.bytes < this.budget && this.keys.size < MAX_CHUNKS && this.stretches.length < MAX_STRETCHES;
  }

  add(place: Place | undefined): void {
    if (!place || !this.hasRoom) {
      return;
    }
    const window = this.windows[place.window]!;
    const chunk = window.chunks[place.chunk]!;
    const key = chunkKey(window.id, chunk.seq);
    if (this.keys.has(key) || this.isThere(key)) {
      return;
    }
    const { last } = this;
    this.keys.add(key);
    this.bytes += chunk.bytes;
    this.last = place;
    if (last?.window === place.window && last.chunk === place.chunk - 1) {
      this.stretches.at(-1)!.last = chunk.seq;
    } else {
      this.stretches.push({ window: window.id, first: chunk.seq, last: chunk.seq });
    }
  }
}

function inOrder(a: Place, b: Place): number {
  return a.window - b.window || a.chunk - b.chunk;
}
