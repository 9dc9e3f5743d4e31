import { chunkKey } from '../../src/data/chunk-error.ts';
import { Timeline } from '../../src/data/timeline.ts';
import type { Manifest, WindowInfo } from '../../src/data/types.ts';
import { Playback, type PlaybackSource, type Screen } from '../../src/playback/playback.ts';
import type { Shown } from '../../src/stage/stage.ts';
import { chunk, manifest } from './recordings.ts';

/** A stage without pages, which is always where the playhead is unless the test says otherwise. */
export class FakeScreen implements Screen {
  isLate = false;
  readonly shown: string[] = [];
  fails: (window: string, time: number) => unknown = () => undefined;
  prefetch: Screen['prefetch'] = () => Promise.resolve();
  fedUntil = 0;
  isLong = false;

  isBehind(): boolean {
    return this.isLate;
  }

  show(w: WindowInfo, time: number): Promise<Shown> {
    const error = this.fails(w.id, time);
    if (error) {
      return Promise.reject(error as Error);
    }
    this.isLate = false;
    this.shown.push(`${w.id}@${time}`);
    return Promise.resolve(this.isLong ? 'partly' : w.chunks.some((c) => c.snapshot) ? 'shown' : 'nothing');
  }

  allow(): void {
    this.isLong = false;
  }

  pause(): void {}

  setSpeed(): void {}

  update(): void {}
}

export let screen: FakeScreen;
export let notices: string[];
export let recorded: Manifest;
export let source: PlaybackSource;

export function create(...windows: WindowInfo[]): Playback {
  recorded = manifest(windows);
  const unreadable = new Map<string, string>();
  source = {
    timeline: new Timeline(recorded), playhead: 0, loader: { drop: () => undefined },
    lose: (error) => {
      if (!error.isLost) {
        return Promise.reject(error.cause as Error);
      }
      unreadable.set(chunkKey(error.window, error.seq), error.reason);
      source.timeline = new Timeline(recorded, unreadable);
      return Promise.resolve(source.timeline);
    },
  };
  screen = new FakeScreen();
  notices = [];
  return new Playback(screen, source, { onChange: () => undefined, onNotice: (text) => notices.push(text) });
}

/** What the display's clock shows. */
let now = 0;

/** Lets the display draw its next frame, some time after the one before. */
export function tick(playback: Playback, ms: number): void {
  now += ms;
  playback.tick(now);
}

/** Lets some time pass on the display, frame by frame, and what follows from it happen. Gives the windows that were in view. */
export async function pass(playback: Playback, ms: number, frame = 50): Promise<Set<string>> {
  const seen = new Set<string>();
  for (const end = now + ms; now < end && playback.playing; ) {
    tick(playback, frame);
    await settle();
    seen.add(playback.timeline.windowAt(playback.time, playback.preferred)!.id);
  }
  return seen;
}

export const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
export const busy = (seq: number, from: number, to: number, snapshot = false) => chunk(seq, from, to, snapshot, [[from, to]]);

export async function playing(...windows: WindowInfo[]): Promise<Playback> {
  const playback = create(...windows);
  await playback.seek(0);
  playback.play();
  await settle();
  screen.shown.length = 0;
  return playback;
}
