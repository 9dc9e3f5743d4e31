import type { Stop } from './capture.ts';

/** How long before a page hears that it is left its requests may be ended, in ms. */
const HOLD_MS = 200;
const MAX_HELD = 1000;

/** Distinguishes what fails from what ends because the page is left: a browser ends requests just before the page hears of it. */
export class Leaving {
  private readonly held = new Map<ReturnType<typeof setTimeout>, (isLeft: boolean) => void>();
  private isLeft = false;

  constructor() {
    addEventListener('pagehide', this.onHide);
    addEventListener('pageshow', this.onShow);
  }

  /** Runs something as soon as it is known whether the page is left. */
  hold(run: (isLeft: boolean) => void): void {
    if (this.isLeft || this.held.size >= MAX_HELD) {
      run(this.isLeft);
      return;
    }
    const timer = setTimeout(() => {
      this.held.delete(timer);
      run(false);
    }, HOLD_MS);
    this.held.set(timer, run);
  }

  readonly stop: Stop = () => {
    removeEventListener('pagehide', this.onHide);
    removeEventListener('pageshow', this.onShow);
    this.settle(false);
  };

  private readonly onHide = (): void => {
    this.isLeft = true;
    this.settle(true);
  };

  private readonly onShow = (): void => {
    this.isLeft = false;
  };

  private settle(isLeft: boolean): void {
    const held = [...this.held];
    this.held.clear();
    for (const [timer, run] of held) {
      clearTimeout(timer);
      run(isLeft);
    }
  }
}
