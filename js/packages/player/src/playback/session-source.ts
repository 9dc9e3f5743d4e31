import { Api, type Waiting } from '../data/api.ts';
import { ApiProblem } from '../data/api-problem.ts';
import { ChunkError, chunkKey } from '../data/chunk-error.ts';
import { ChunkLoader, type LoadedChunk } from '../data/chunk-loader.ts';
import { readEvents, type DomEvent } from '../data/chunk-events.ts';
import { Timeline } from '../data/timeline.ts';
import type { ChunkInfo, SessionDetail, WindowInfo } from '../data/types.ts';
import { Superseded } from '../data/work-queue.ts';
import type { EventRow } from '../events/event-rows.ts';
import { RowStore } from '../events/row-store.ts';
import type { WireEvent } from '@session-replay/format';

const LIVE_POLL_MS = 4000;
/** Rows that come close together are shown together. */
const GATHER_MS = 80;

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
  private readonly unreadable = new Map<string, string>();
  private poll: ReturnType<typeof setTimeout> | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private loadingAll = 0;
  private closed = false;

  constructor(
    api: string,
    private readonly session: string,
    private readonly events: SourceEvents,
    during?: <T>(work: () => T) => T,
  ) {
    this.api = new Api(api, (waiting) => this.closed || events.onWaiting(waiting));
    this.loader = new ChunkLoader(this.api, session, (chunk, dom) => this.add(chunk, dom), undefined, during);
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
    this.readDetail();
    this.pollWhileLive();
    return this.timeline;
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
    this.loader.drop();
    clearTimeout(this.poll);
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

  /** Loads the events that are not listed yet, the ones nearest to the playhead first. */
  async loadAll(): Promise<void> {
    const generation = ++this.loadingAll;
    const wanted = this.timeline!.windows.flatMap((w) =>
      w.chunks.filter((c) => !this.store.has(w.id, c.seq)).map((c): [WindowInfo, ChunkInfo] => [w, c]),
    ).sort((a, b) => Math.abs(a[1].from - this.playhead) - Math.abs(b[1].from - this.playhead));
    const progress = { done: 0, total: wanted.length };
    this.progress = progress;
    this.changed();
    // A few at a time, so that a seek on the way does not find thousands before it and memory stays bounded.
    const workers = Array.from({ length: 3 }, async () => {
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

  /** The event of a row; loaded again when it was forgotten. */
  async event(row: EventRow): Promise<WireEvent | DomEvent | undefined> {
    const window = this.timeline?.windows.find((w) => w.id === row.window);
    const chunk = window?.chunks.find((c) => c.seq === row.seq);
    if (!window || !chunk) {
      return undefined;
    }
    const { page, other } = await this.patiently(window, chunk);
    return row.list === 'dom' ? readEvents(page)[row.index] : other[row.index];
  }

  private async list(window: WindowInfo, chunk: ChunkInfo): Promise<void> {
    try {
      await this.patiently(window, chunk);
    } catch (error) {
      if (!(error instanceof ChunkError)) {
        throw error;
      }
      await this.lose(error);
    }
  }

  /** Loads a chunk in the background. One that the stage asked for too and gave up on a seek is asked for again. */
  private async patiently(window: WindowInfo, chunk: ChunkInfo): Promise<LoadedChunk> {
    for (;;) {
      try {
        return await this.loader.load(window, chunk, 'later');
      } catch (error) {
        if (!(error instanceof Superseded) || this.closed) {
          throw error;
        }
      }
    }
  }

  private add(chunk: LoadedChunk, dom: DomEvent[]): void {
    if (!this.closed && this.store.add(chunk, dom, this.playhead)) {
      this.changed();
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
    this.events.onTimeline(timeline);
    this.changed();
  }

  private pollWhileLive(): void {
    if (this.closed || !this.timeline?.manifest.session.live) {
      return;
    }
    this.poll = setTimeout(() => void this.refresh(), LIVE_POLL_MS);
  }

  private async refresh(): Promise<void> {
    try {
      const before = this.timeline!.manifest;
      const manifest = await this.api.manifest(this.session);
      if (this.closed) {
        return;
      }
      if (
        manifest.session.chunks !== before.session.chunks
        || manifest.session.live !== before.session.live
        || manifest.windows.length !== before.windows.length
      ) {
        this.take(new Timeline(manifest, this.unreadable));
        this.readDetail();
      }
    } catch (error) {
      if (!this.closed && error instanceof ApiProblem && !error.isPassing) {
        this.events.onError(error);
        return;
      }
    }
    this.pollWhileLive();
  }
}
