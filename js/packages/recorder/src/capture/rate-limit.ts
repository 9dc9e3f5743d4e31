import type { CaptureContext } from './capture.ts';

/**
 * Lets so many events of a kind through in a stretch of time; the others are counted as lost. A page that never ends to say something is
 * not recorded without bound.
 */
export class RateLimit {
  private stretch = 0;
  private taken = 0;

  constructor(
    private readonly limit: number,
    private readonly context: Pick<CaptureContext, 'now' | 'lost'>,
    private readonly stretchMs = 1000,
  ) {}

  /** Says whether one more may be recorded. */
  take(): boolean {
    const stretch = Math.floor(this.context.now() / this.stretchMs);
    this.taken = stretch === this.stretch ? this.taken + 1 : 1;
    this.stretch = stretch;
    if (this.taken > this.limit) {
      this.context.lost(1);
      return false;
    }
    return true;
  }
}
