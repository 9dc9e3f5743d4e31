/** A failure of the recorder, as reported to `onError`. */
export interface Failure {
  /** What was being done, for instance "network" or "upload". */
  where: string;
  /** What happened. */
  error: unknown;
}

/** Keeps failures of the recorder away from the page: they are counted and reported to `onError`. */
export class Failures {
  count = 0;

  constructor(private readonly onError?: (failure: Failure) => void) {}

  report(where: string, error: unknown): void {
    this.count++;
    try {
      this.onError?.({ where, error });
    } catch {
      // The page's own handler failed; there is nothing left to report to.
    }
  }

  /** Runs a piece of the recorder; a failure of it is reported and gives the fallback. */
  guard<T>(where: string, run: () => T, fallback: T): T {
    try {
      return run();
    } catch (error) {
      this.report(where, error);
      return fallback;
    }
  }
}
