import type { Playback } from './playback.ts';

/** That the playhead has moved is reported this often. */
const FOLLOW_MS = 66;

/** Moves the playhead with the frames of the display. In a tab that is hidden time stands still. */
export class FrameLoop {
  private frame = 0;
  private reported = 0;

  constructor(
    private readonly playback: () => Playback | undefined,
    private readonly onMove: () => void,
  ) {}

  start(): void {
    document.addEventListener('visibilitychange', this.visibility);
    this.frame = requestAnimationFrame(this.tick);
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.visibility);
    cancelAnimationFrame(this.frame);
  }

  private readonly visibility = (): void => {
    if (document.hidden) {
      this.playback()?.hide();
    }
  };

  private readonly tick = (now: number): void => {
    this.frame = requestAnimationFrame(this.tick);
    const before = this.playback()?.time;
    this.playback()?.tick(now);
    if (this.playback()?.time !== before && now - this.reported >= FOLLOW_MS) {
      this.reported = now;
      this.onMove();
    }
  };
}
