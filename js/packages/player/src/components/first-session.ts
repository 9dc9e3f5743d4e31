const POLL_MS = 5_000;
const MAX_POLLS = 24;

/**
 * Waits for the first session: has the list ask again every 5 seconds, for 2 minutes in which the page is visible. A page that becomes
 * visible asks at once.
 */
export class FirstSession {
  private polls = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** `ask` loads the list again and calls `wait` with the outcome. */
  constructor(private readonly ask: () => void) {}

  get isAwaited(): boolean {
    return this.timer !== undefined;
  }

  /** Goes on waiting or stops, according to whether the list that was loaded last has no sessions. */
  wait(isEmpty: boolean): void {
    if (!isEmpty || this.polls >= MAX_POLLS) {
      clearInterval(this.timer);
      this.timer = undefined;
      removeEventListener('visibilitychange', this.poll);
    } else if (!this.isAwaited) {
      this.timer = setInterval(this.poll, POLL_MS);
      addEventListener('visibilitychange', this.poll);
    }
  }

  /** Stops waiting. The next empty list is waited for in full. */
  stop(): void {
    this.wait(false);
    this.polls = 0;
  }

  private readonly poll = (): void => {
    if (document.visibilityState === 'visible') {
      this.polls++;
      this.ask();
    }
  };
}
