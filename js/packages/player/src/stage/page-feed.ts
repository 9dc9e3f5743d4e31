import { ChunkError } from '../data/chunk-error.ts';
import { chunksFor, playable } from '../data/gaps.ts';
import type { ChunkInfo, WindowInfo } from '../data/types.ts';
import type { LoadedChunk } from '../loading/protocol.ts';
import type { Reply } from './protocol.ts';
import type { Asked, StageFrame } from './stage-frame.ts';

/** How far ahead of the playhead chunks are loaded, in ms of the recording. */
const AHEAD_MS = 30_000;
/** Chunks of a page that are loaded at once: they are fed in order, and each is let go of when it was. */
const AT_ONCE = 4;

/** What one page may take. */
export interface StageLimits {
  /** The replayer keeps all it was fed: at so many bytes of batches it begins again at the next full snapshot. */
  renewBytes: number;
  /** What may lie between a snapshot and the moment that is shown, in bytes of batches and in events: more is shown only on request. */
  spanBytes: number;
  spanEvents: number;
}

const LIMITS: StageLimits = { renewBytes: 24 * 1024 * 1024, spanBytes: 128 * 1024 * 1024, spanEvents: 500_000 };

/** Gives the stage chunks. */
export interface ChunkSource {
  /** Asks for a chunk that is loaded soon. */
  prepare(window: WindowInfo, chunk: ChunkInfo): void;
  /** Rejects with a ChunkError, or with Superseded when something else is wanted by then. */
  load(window: WindowInfo, chunk: ChunkInfo): Promise<LoadedChunk>;
}

/** Has the stage take in the events of a chunk. */
export type Feed = (frame: StageFrame, order: Asked<'feed'>) => Promise<Reply | undefined>;

/** Loads the chunks of one page after the other and feeds them to the stage, within limits. */
export class PageFeed {
  readonly limits: StageLimits = { ...LIMITS };
  /** The window of the page that is fed. */
  window: WindowInfo | undefined;
  page = 0;
  /** The time of the last event that was fed. */
  until = 0;
  bytes = 0;
  first = -1;
  private events = 0;
  private loadedTo = -1;
  /** The page of which more is shown than the limits allow. */
  private allowed = -1;
  /** The next chunk was refused: too much lies before it. */
  private isFullSpan = false;

  constructor(
    private readonly source: ChunkSource,
    private readonly ask: Feed,
  ) {}

  /** Begins a page, unless it is the one that is fed. */
  open(frame: StageFrame, window: WindowInfo, first: number): void {
    if (this.window?.id !== window.id || this.first !== first) {
      this.forget();
      this.page++;
      this.first = first;
      this.loadedTo = first - 1;
      frame.send({ do: 'open', page: this.page });
    }
    this.window = window;
  }

  forget(): void {
    this.window = undefined;
    this.first = this.loadedTo = -1;
    this.bytes = this.events = this.until = 0;
    this.isFullSpan = false;
  }

  /** Lets more of the page be shown than the limits allow. */
  allow(): void {
    this.allowed = this.page;
    this.isFullSpan = false;
  }

  /** Whether showing the moment again would let go of much that was played. */
  isFull(time: number): boolean {
    return this.bytes > this.limits.renewBytes && this.window !== undefined && chunksFor(this.window, time, 0)[0]?.seq !== this.first;
  }

  /** Whether the page stands still where the limits were reached. */
  isCut(time: number): boolean {
    return this.isFullSpan && (this.next?.from ?? Infinity) <= time;
  }

  /** Feeds what is missing of some chunks, in order, while the next ones load. Gives false when it ended before the last. */
  async upTo(frame: StageFrame, wanted: ChunkInfo[], signal: AbortSignal): Promise<boolean> {
    const window = this.window!;
    const chunks = wanted.filter((chunk) => chunk.seq > this.loadedTo);
    const loading: Promise<LoadedChunk>[] = [];
    let begun = 0;
    for (const { seq } of chunks) {
      while (begun < chunks.length && loading.length < AT_ONCE) {
        const chunk = this.source.load(window, chunks[begun++]!);
        // Its error is met when its turn comes, if it comes.
        chunk.catch(() => undefined);
        loading.push(chunk);
      }
      const chunk = await loading.shift()!;
      if (signal.aborted || !this.mayFeed(chunk) || !(await this.feed(frame, chunk, seq, signal))) {
        return false;
      }
    }
    return true;
  }

  /** Feeds what begins soon, and always something that lies ahead. Rejects when a chunk cannot be loaded. */
  async ahead(frame: StageFrame, time: number, speed: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const { next } = this;
      const isSoon = next && (next.from <= time + AHEAD_MS * Math.max(1, speed) || this.until <= time + 1000);
      if (!isSoon || signal.aborted || this.isFullSpan) {
        return;
      }
      const chunk = await this.source.load(this.window!, next);
      if (signal.aborted || !this.mayFeed(chunk) || !(await this.feed(frame, chunk, next.seq, signal))) {
        return;
      }
    }
  }

  private get next(): ChunkInfo | undefined {
    return this.window && playable(this.window).find((c) => c.seq > this.loadedTo);
  }

  private mayFeed({ seq, bytes, page }: LoadedChunk): boolean {
    const isWithin = this.bytes + bytes <= this.limits.spanBytes && this.events + page.times.length <= this.limits.spanEvents;
    this.isFullSpan = !isWithin && seq !== this.first && this.allowed !== this.page;
    return !this.isFullSpan;
  }

  private async feed(frame: StageFrame, { page, bytes, window }: LoadedChunk, seq: number, signal: AbortSignal): Promise<boolean> {
    const isContinued = seq === this.loadedTo + 1 && seq !== this.first;
    this.loadedTo = seq;
    this.bytes += bytes;
    this.events += page.times.length;
    this.until = page.times.reduce((until, time) => Math.max(until, time), this.until);
    const reply = await this.ask(frame, { do: 'feed', page: this.page, events: page, isContinued });
    if (signal.aborted || !reply) {
      return false;
    }
    if (reply.result !== 'fed') {
      throw new ChunkError(window, seq, new Error('It cannot be replayed.'));
    }
    return true;
  }
}
