const ASK_MS = 1000;
/** So many questions in a row that are not answered. */
const MAX_UNANSWERED = 5;

/**
 * Asks for a sign of life each second, and notices when none comes. A page that is not displayed asks for nothing: its timers may stand
 * still.
 */
export class SignsOfLife {
  private unanswered = 0;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(ask: () => void, onSilence: () => void) {
    this.timer = setInterval(() => {
      if (document.hidden) {
        this.unanswered = 0;
      } else if (this.unanswered >= MAX_UNANSWERED) {
        onSilence();
      } else {
        this.unanswered++;
        ask();
      }
    }, ASK_MS);
  }

  /** There was one. */
  note(): void {
    this.unanswered = 0;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
