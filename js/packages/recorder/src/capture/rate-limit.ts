import type { CaptureContext } from './capture.ts';

/** Lets so many events of a kind through in a second; the others are counted as lost. A page that never ends to say something is not recorded without bound. */
export class RateLimit {
  private second = 0;
  private taken = 0;

  constructor(
    private readonly perSecond: number,
    private readonly context: Pick<CaptureContext, 'now' | 'lost'>,
  ) {}

  /** Tells whether one more may be recorded. */
  take(): boolean {
    const second = Math.floor(this.context.now() / 1000);
    this.taken = second === this.second ? this.taken + 1 : 1;
    this.second = second;
    if (this.taken > this.perSecond) {
      this.context.lost(1);
      return false;
    }
    return true;
  }
}
