/** Time without input after which recording pauses, in ms. */
const IDLE_MS = 300_000;

const INPUTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll'] as const;

/** Watches for input: an idle tab is not recorded, and goes on with the first input. */
export class IdleWatch {
  private last = Date.now();
  private idleSince: number | undefined;
  private noted = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly on: { onIdle: () => void; onBack: (from: number, to: number) => void; onActivity: () => void }) {}

  /** Begins to watch, or goes on. */
  listen(): void {
    INPUTS.forEach((type) => addEventListener(type, this.input, { capture: true, passive: true }));
    clearInterval(this.timer);
    this.timer = setInterval(() => this.check(), 10_000);
  }

  /** Whether there was no input for {@link IDLE_MS}. */
  get isIdle(): boolean {
    return this.idleSince !== undefined;
  }

  stop(): void {
    clearInterval(this.timer);
    INPUTS.forEach((type) => removeEventListener(type, this.input, { capture: true }));
  }

  private readonly input = (): void => {
    const now = Date.now();
    this.last = now;
    if (this.idleSince !== undefined) {
      const from = this.idleSince;
      this.idleSince = undefined;
      this.on.onBack(from, now);
    } else if (now - this.noted > 1000) {
      this.noted = now;
      this.on.onActivity();
    }
  };

  private check(): void {
    if (this.idleSince === undefined && Date.now() - this.last > IDLE_MS) {
      this.idleSince = this.last;
      this.on.onIdle();
    }
  }
}
