import { Replayer } from '@rrweb/replay';
import type { ChunkLoader, DomEvent } from '../data/chunk-loader.ts';
import { chunksFor, playable } from '../data/timeline.ts';
import type { ChunkInfo, WindowInfo } from '../data/types.ts';
import { CSP } from './sanitize-event.ts';

/** How far ahead of the playhead chunks are loaded, in ms of the recording. */
const AHEAD_MS = 30_000;

/** What the stage tells the player. */
export interface StageEvents {
  /** All that is known of the window was played. */
  onEnd: () => void;
  onResize: (width: number, height: number) => void;
  onError: (error: unknown) => void;
}

/** Replays one window at a time: loads the chunks around the playhead and feeds them to rrweb's replayer. */
export class Stage {
  private replayer: Replayer | undefined;
  private window: WindowInfo | undefined;
  private first = 0;
  private base = 0;
  /** Where the first page is there: nothing can be shown before. */
  private least = 0;
  private loadedTo = 0;
  private speed = 1;
  private generation = 0;
  private feeding = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly loader: ChunkLoader,
    private readonly events: StageEvents,
  ) {}

  /** The document that is shown. */
  get document(): Document | null {
    return this.replayer?.iframe.contentDocument ?? null;
  }

  /** The time that is shown, ms since the Unix epoch. */
  get time(): number {
    return this.replayer ? this.base + this.replayer.getCurrentTime() : this.base;
  }

  /** Shows a moment of a window, and plays on from there when asked to. */
  async show(window: WindowInfo, time: number, play: boolean): Promise<boolean> {
    const generation = ++this.generation;
    const wanted = chunksFor(window, time, 0);
    if (wanted.length === 0) {
      return false;
    }
    const loaded = await Promise.all(wanted.map((chunk) => this.loader.load(window, chunk)));
    if (generation !== this.generation) {
      return false;
    }
    const isContinued = this.replayer && this.window?.id === window.id && this.first === wanted[0]!.seq;
    if (isContinued) {
      const known = this.loadedTo;
      loaded.filter((c) => c.seq > known).forEach((c) => this.feed(c.dom, c.seq));
      // The replayer takes added events in a microtask.
      await Promise.resolve();
      if (generation !== this.generation) {
        return false;
      }
    } else {
      this.start(window, wanted, loaded.flatMap((c) => c.dom));
    }
    // The replayer applies what lies before an offset: one ms more takes in what happened at the very moment.
    const offset = Math.max(this.least, time - this.base) + 1;
    if (play) {
      this.replayer!.play(offset);
      void this.prefetch(generation);
    } else {
      // A play to the moment and a stop there casts every event up to it at once.
      this.replayer!.pause(offset);
    }
    return true;
  }

  pause(): void {
    this.replayer?.pause();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.replayer?.setConfig({ speed });
  }

  /** The manifest has grown: chunks that came since are fed when their time comes. */
  update(window: WindowInfo): void {
    if (this.window?.id === window.id) {
      this.window = window;
    }
  }

  /** Loads what comes next while playing. */
  async prefetch(generation = this.generation): Promise<void> {
    if (this.feeding || !this.window) {
      return;
    }
    this.feeding = true;
    try {
      for (;;) {
        const next = playable(this.window).find((c) => c.seq > this.loadedTo);
        if (!next || next.from > this.time + AHEAD_MS * Math.max(1, this.speed) || generation !== this.generation) {
          return;
        }
        const chunk = await this.loader.load(this.window, next);
        if (generation !== this.generation) {
          return;
        }
        this.feed(chunk.dom, chunk.seq);
      }
    } catch (error) {
      this.events.onError(error);
    } finally {
      this.feeding = false;
    }
  }

  destroy(): void {
    this.generation++;
    this.replayer?.destroy();
    this.replayer = undefined;
    this.root.replaceChildren();
  }

  private feed(events: DomEvent[], seq: number): void {
    for (const event of events) {
      this.replayer!.addEvent(event);
    }
    this.loadedTo = Math.max(this.loadedTo, seq);
  }

  private start(window: WindowInfo, chunks: ChunkInfo[], events: DomEvent[]): void {
    this.replayer?.destroy();
    this.root.replaceChildren();
    this.window = window;
    this.first = chunks[0]!.seq;
    this.loadedTo = chunks.at(-1)!.seq;
    const fromSnapshot = events.slice(Math.max(0, events.findIndex((e) => e.type === 4)));
    fromSnapshot.sort((a, b) => a.timestamp - b.timestamp);
    const last = fromSnapshot.at(-1)!;
    this.base = fromSnapshot[0]!.timestamp;
    this.least = Math.max(0, (fromSnapshot.find((e) => e.type === 2)?.timestamp ?? this.base) - this.base);
    const replayer = new Replayer(
      // The replayer wants two events at least.
      fromSnapshot.length > 1 ? fromSnapshot : [...fromSnapshot, { ...last, type: 5, data: { tag: 'end', payload: {} } }],
      {
        root: this.root,
        speed: this.speed,
        skipInactive: false,
        showWarning: false,
        showDebug: false,
        mouseTail: { strokeStyle: '#e2574c', lineWidth: 2, duration: 500 },
        triggerFocus: false,
        UNSAFE_replayCanvas: false,
        pauseAnimation: true,
      },
    );
    replayer.iframe.setAttribute('sandbox', 'allow-same-origin');
    holdPolicy(replayer.iframe.contentDocument);
    replayer.iframe.setAttribute('title', 'The recorded page');
    replayer.iframe.setAttribute('tabindex', '-1');
    replayer.on('resize', (size) => {
      const { width, height } = size as { width: number; height: number };
      this.events.onResize(width, height);
    });
    replayer.on('finish', () => {
      if (replayer === this.replayer) {
        this.events.onEnd();
      }
    });
    this.replayer = replayer;
  }
}

/** Puts the frame under the policy before anything of a recording is in it; a document keeps its policy when the replayer writes it anew. */
function holdPolicy(document: Document | null): void {
  const policy = document?.createElement('meta');
  if (document && policy) {
    policy.httpEquiv = 'content-security-policy';
    policy.content = CSP;
    document.head.append(policy);
  }
}
