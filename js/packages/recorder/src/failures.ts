/** A failure of the recorder, as told to `onError`. */
export interface Failure {
  /** What was being done, for instance "network" or "upload". */
  where: string;
  /** What happened. */
  error: unknown;
}

/** Keeps failures of the recorder away from the page: they are counted and told to `onError`. */
export class Failures {
  count = 0;

  constructor(private readonly onError?: (failure: Failure) => void) {}

  report(where: string, error: unknown): void {
    this.count++;
    try {
      this.onError?.({ where, error });
    } catch {
      // The page's own handler failed; there is nobody left to tell.
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
