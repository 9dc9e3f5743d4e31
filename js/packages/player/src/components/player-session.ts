import { ApiProblem } from '../data/api-problem.ts';
import type { Waiting } from '../data/api.ts';
import { Playback } from '../playback/playback.ts';
import { SessionSource } from '../playback/session-source.ts';
import { CrashGuard } from '../stage/crash-guard.ts';
import { Stage } from '../stage/stage.ts';

/** Sessions up to this size list all their events at once; of larger ones what was played, and the rest on demand. */
const LIST_ALL_BYTES = 4 * 1024 * 1024;
const LIST_ALL_CHUNKS = 200;
const DRAWN_MS = 200;

/** What a session reports to its player. */
export interface PlayerSessionEvents {
  onChange: () => void;
  onNotice: (text: string) => void;
  /** The page has another size. */
  onResize: (width: number, height: number) => void;
  /** The page of the first moment is shown. */
  onReady: () => void;
  onError: (error: unknown) => void;
  /** The session was deleted, and nothing of it is kept. */
  onForgotten: () => void;
}

/** The session that a player shows: loads it, plays it on a stage, and keeps what went wrong. */
export class PlayerSession {
  source: SessionSource | undefined;
  playback: Playback | undefined;
  stage: Stage | undefined;
  failure: unknown;
  /** The page that this session shows kept the browser busy until its tab was ended. */
  stuck = false;
  /** The page of the first moment is shown, or cannot be: what stands beside it is shown from then on. */
  hasBegun = false;
  waiting: Waiting | undefined;
  private reported: unknown;

  /** @param path The address of the session below that of the API. */
  constructor(
    private readonly api: string,
    private readonly path: string,
    private readonly frame: HTMLElement,
    private readonly events: PlayerSessionEvents,
  ) {}

  /** @param again The moment at which the viewer wants to see it, however busy it keeps the browser. */
  async open(again?: number): Promise<void> {
    this.close();
    this.hasBegun = false;
    this.failure = undefined;
    this.stuck = false;
    const crashes = new CrashGuard(this.path);
    const source = new SessionSource(this.api, this.path, {
      onChange: this.events.onChange,
      onTimeline: () => this.playback?.update(),
      onWaiting: (waiting) => {
        this.waiting = waiting;
        this.events.onChange();
      },
      onError: (error) => this.fail(error),
    });
    this.source = source;
    this.events.onChange();
    try {
      await this.begin(source, crashes, again);
    } catch (error) {
      if (source === this.source) {
        this.fail(error);
      }
    }
  }

  /** Tries again what failed. */
  readonly retry = (): void => {
    if (this.failure || !this.playback) {
      void this.open();
    } else {
      void this.playback.retry();
    }
  };

  /** Draws a recording that kept the browser busy. */
  readonly showAnyway = (): void => void this.open(this.playback!.time);

  close(): void {
    this.source?.close();
    this.stage?.destroy();
    this.source = this.playback = this.stage = undefined;
  }

  /** Deletes the session for good. Gives false if it could not be deleted. */
  async delete(): Promise<boolean> {
    try {
      await this.source!.delete();
      this.forget(new ApiProblem(410, 'session-deleted', 'The session was deleted; its recording is gone for good.', ''));
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  private async begin(source: SessionSource, crashes: CrashGuard, again: number | undefined): Promise<void> {
    const stage = (this.stage = this.newStage(source, crashes));
    if (!crashes.isStuck) {
      stage.open();
    }
    const timeline = await source.open();
    if (source !== this.source) {
      return;
    }
    const playback: Playback = (this.playback = new Playback(stage, source, {
      onChange: () => this.changed(),
      onNotice: (text) => playback === this.playback && this.events.onNotice(text),
    }));
    if (again !== undefined) {
      crashes.forget();
      stage.release();
    } else if (crashes.isStuck) {
      stage.hold();
      this.stuck = true;
    }
    const asked = Number(new URLSearchParams(location.search).get('t') ?? NaN);
    await playback.seek(again ?? timeline.start + (asked > 0 ? asked * 1000 : 0));
    // What stands beside the page is drawn when the page is.
    await drawn();
    if (playback === this.playback) {
      this.hasBegun = true;
      source.begin();
      this.events.onChange();
    }
    if (playback !== this.playback || playback.error || this.stuck) {
      return;
    }
    this.events.onReady();
    const { bytes, chunks } = timeline.manifest.session;
    if (bytes <= LIST_ALL_BYTES && chunks <= LIST_ALL_CHUNKS) {
      void source.loadAll();
    }
  }

  private newStage(source: SessionSource, crashes: CrashGuard): Stage {
    return new Stage(this.frame, `${this.api}/replay-stage`, source, {
      onDraw: (state) => crashes[state](),
      onNotes: this.events.onChange,
      onResize: this.events.onResize,
      onStuck: () => {
        crashes.keep();
        this.stuck = true;
        this.events.onChange();
        this.playback?.pause();
        void this.playback?.retry();
      },
    });
  }

  private changed(): void {
    const error = this.playback?.error;
    if (error && error !== this.reported) {
      this.reported = error;
      this.events.onError(error);
      if (isDeleted(error)) {
        this.forget(error);
      }
    }
    this.reported = this.playback?.error;
    this.events.onChange();
  }

  private fail(error: unknown): void {
    if (isDeleted(error)) {
      this.forget(error);
    } else {
      this.playback?.pause();
      this.failure = error;
    }
    this.events.onChange();
    this.events.onError(error);
  }

  /** Keeps nothing of a session that was deleted, and says so as a player that is opened afterwards does. */
  private forget(deleted: ApiProblem): void {
    this.close();
    this.waiting = this.reported = undefined;
    this.stuck = false;
    const crashes = new CrashGuard(this.path);
    if (crashes.isStuck) {
      crashes.forget();
    }
    this.failure = deleted;
    this.events.onForgotten();
  }
}

/** Waits until a frame was drawn; not for long, since none is in a tab that is hidden. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, DRAWN_MS);
  });
}

function isDeleted(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code === 'session-deleted';
}
