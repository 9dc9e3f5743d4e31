import { Api, type Waiting } from '../data/api.ts';
import { ApiProblem } from '../data/api-problem.ts';
import { ChunkError, chunkKey } from '../data/chunk-error.ts';
import type { DomEvent } from '../data/chunk-events.ts';
import { Timeline } from '../data/timeline.ts';
import type { ChunkInfo, SessionDetail, WindowInfo } from '../data/types.ts';
import type { EventRow } from '../events/event-rows.ts';
import { RowStore } from '../events/row-store.ts';
import { ChunkLoader } from '../loading/chunk-loader.ts';
import { deferred } from '../loading/deferred.ts';
import type { LoadedChunk } from '../loading/protocol.ts';
import { Superseded } from '../loading/stretch-fetcher.ts';
import type { WireEvent } from '@session-replay/format';

/** Between two questions for what is new; the server lets each wait for it. */
const LIVE_PAUSE_MS = 200;
/** Rows that come close together are shown together. */
const GATHER_MS = 80;
/** Chunks that are listed at once. */
const AT_ONCE = 200;

/** What a source reports. */
export interface SourceEvents {
  /** There is a new timeline, or new rows, or the progress of loading changed. */
  onChange: () => void;
  /** The manifest has grown, or a chunk turned out to be unreadable. */
  onTimeline: (timeline: Timeline) => void;
  onWaiting: (waiting: Waiting | undefined) => void;
  onError: (error: unknown) => void;
}

/** One session's data: its timeline, what of its chunks cannot be read, the rows of what was loaded. */
export class SessionSource {
  readonly loader: ChunkLoader;
  timeline: Timeline | undefined;
  detail: SessionDetail | undefined;
  /** While all events are loaded: how many chunks are there, of how many. */
  progress: { done: number; total: number } | undefined;
  /** Where the playhead is: rows far from it go first when there are too many. */
  playhead = 0;
  private readonly api: Api;
  private readonly store = new RowStore();
  private readonly begun = deferred<void>();
  private readonly unreadable = new Map<string, string>();
  private readonly closing = new AbortController();
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private loadingAll = 0;
  private closed = false;

  constructor(
    api: string,
    private readonly session: string,
    private readonly events: SourceEvents,
  ) {
    const onWaiting = (waiting: Waiting | undefined): void => {
      if (!this.closed) {
        events.onWaiting(waiting);
      }
    };
    this.api = new Api(api, onWaiting);
    this.loader = new ChunkLoader(api, session, onWaiting);
  }

  get rows(): EventRow[] {
    return this.store.rows;
  }

  /** Chunks whose events are not listed yet. */
  get unlisted(): number {
    return this.timeline?.windows.reduce((sum, w) => sum + w.chunks.filter((c) => !this.store.has(w.id, c.seq)).length, 0) ?? 0;
  }

  async open(): Promise<Timeline> {
    const manifest = await this.api.manifest(this.session);
    this.timeline = new Timeline(manifest, this.unreadable);
    this.loader.know(manifest.windows, manifest.view);
    void this.followWhileLive();
    return this.timeline;
  }

  /** The first page is shown: from now on what stands beside it is read. */
  begin(): void {
    this.begun.resolve();
    this.readDetail();
  }

  /** The pages and counts of the session: the replay does not wait for them. */
  private readDetail(): void {
    void this.api.detail(this.session).then((detail) => {
      this.detail = detail;
      this.changed();
    }, () => undefined);
  }

  close(): void {
    this.closed = true;
    this.loadingAll++;
    this.loader.close();
    this.closing.abort();
    clearTimeout(this.gathering);
  }

  delete(): Promise<void> {
    return this.api.delete(this.session);
  }

  /**
   * Takes note of a chunk that could not be loaded. Gives the new timeline when the session goes on without it; throws when it does not.
   * A chunk that is gone may mean that the whole session is: the manifest shows it.
   */
  async lose(error: ChunkError): Promise<Timeline> {
    if (!error.isLost || !this.timeline) {
      throw error.cause;
    }
    let manifest = this.timeline.manifest;
    if (error.cause instanceof ApiProblem && error.cause.status === 410) {
      manifest = await this.api.manifest(this.session);
    }
    this.unreadable.set(chunkKey(error.window, error.seq), error.reason);
    this.take(new Timeline(manifest, this.unreadable));
    return this.timeline;
  }

  prepare(window: WindowInfo, chunk: ChunkInfo): void {
    this.loader.prepare(window, chunk);
  }

  /** Loads a chunk for the stage, and lists its events. */
  async load(window: WindowInfo, chunk: ChunkInfo): Promise<LoadedChunk> {
    const loaded = await this.loader.load(window, chunk);
    void this.begun.promise.then(() => this.list(window, chunk)).catch((error: unknown) => this.closed || this.events.onError(error));
    return loaded;
  }

  /** Loads the events that are not listed yet, the ones nearest to the playhead first. */
  async loadAll(): Promise<void> {
    const generation = ++this.loadingAll;
    const wanted = this.timeline!.windows.flatMap((w) =>
      w.chunks.filter((c) => !this.store.has(w.id, c.seq)).map((c): [WindowInfo, ChunkInfo] => [w, c]),
    ).sort((a, b) => Math.abs(a[1].from - this.playhead) - Math.abs(b[1].from - this.playhead));
    const progress = { done: 0, total: wanted.length };
    this.progress = progress;
    this.changed();
    // So many at a time that a request asks for many, and what was not begun can be given up.
    const workers = Array.from({ length: AT_ONCE }, async () => {
      for (let next = wanted.shift(); next && generation === this.loadingAll; next = wanted.shift()) {
        await this.list(...next);
        progress.done++;
        this.changed();
      }
    });
    try {
      await Promise.all(workers);
    } catch (error) {
      if (generation === this.loadingAll) {
        this.events.onError(error);
      }
    } finally {
      if (generation === this.loadingAll) {
        this.cancelLoadAll();
      }
    }
  }

  cancelLoadAll(): void {
    this.loadingAll++;
    this.progress = undefined;
    this.changed();
  }

  /** The event of a row. */
  async event(row: EventRow): Promise<WireEvent | DomEvent | undefined> {
    const window = this.timeline?.windows.find((w) => w.id === row.window);
    return window?.chunks.some((c) => c.seq === row.seq) ? this.loader.read(row) : undefined;
  }

  private async list(window: WindowInfo, chunk: ChunkInfo): Promise<void> {
    if (this.store.has(window.id, chunk.seq)) {
      return;
    }
    try {
      const rows = await this.loader.list(window, chunk);
      if (!this.closed) {
        this.store.add(window.id, chunk.seq, rows, this.playhead);
        this.changed();
      }
    } catch (error) {
      if (error instanceof ChunkError) {
        await this.lose(error);
      } else if (!(error instanceof Superseded)) {
        throw error;
      }
    }
  }

  private changed(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.events.onChange();
    }, GATHER_MS);
  }

  private take(timeline: Timeline): void {
    this.timeline = timeline;
    this.loader.know(timeline.manifest.windows, timeline.manifest.view);
    this.events.onTimeline(timeline);
    this.changed();
  }

  /** Asks for what is new while the session arrives, and the page is displayed: while somebody watches, the recorder sends more often. */
  private async followWhileLive(): Promise<void> {
    while (!this.closed && this.timeline!.manifest.session.live) {
      try {
        await displayed(this.closing.signal);
        const manifest = await this.api.news(this.session, this.timeline!.manifest.session.chunks, this.closing.signal);
        if (manifest && !this.closed) {
          this.take(new Timeline(manifest, this.unreadable));
          this.readDetail();
        }
      } catch (error) {
        if (this.closed || (error instanceof ApiProblem && !error.isPassing)) {
          this.closed || this.events.onError(error);
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, LIVE_PAUSE_MS));
    }
  }
}

/** Waits until the page is displayed. */
function displayed(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!document.hidden || signal.aborted) {
        document.removeEventListener('visibilitychange', look);
        resolve();
      }
    };
    document.addEventListener('visibilitychange', look, { signal });
    look();
  });
}
