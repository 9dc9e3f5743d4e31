const FIRST_MS = 1000;
const LONGEST_MS = 120_000;

/** Decides when a fresh full snapshot follows a loss: at once, but ever more seldom while losses go on, so that no circle comes about. */
export class Recovery {
  private losses = 0;
  private next = 0;

  constructor(private readonly snapshot: () => void) {}

  /** Notes a loss. */
  lost(now: number): void {
    if (now >= this.next) {
      this.next = now + Math.min(LONGEST_MS, FIRST_MS * 2 ** this.losses++);
      this.snapshot();
    }
  }

  /** Notes that the server has taken something. */
  succeeded(): void {
    this.losses = 0;
  }
}
