const KEY = 'session-replay-drawing';

/**
 * Notes in the tab's own storage that a recording is being read or drawn. A note that is still there when the tab comes back is of one that
 * the browser could not bear: it is not drawn again before the viewer says so.
 */
export class CrashGuard {
  /** What is being drawn, or was given to the browser and not drawn yet. */
  private drawing = 0;
  /** The note stays until the viewer wants the recording drawn. */
  private isKept = false;

  constructor(
    private readonly session: string,
    private readonly storage: Storage | undefined = storageOfTab(),
  ) {
    this.isKept = this.isStuck;
  }

  /** Whether this session kept the browser busy until the tab was ended. */
  get isStuck(): boolean {
    return this.storage?.getItem(KEY) === this.session;
  }

  begin(): void {
    this.drawing++;
    this.storage?.setItem(KEY, this.session);
  }

  /** The recording kept its own process busy until that was ended. */
  keep(): void {
    this.isKept = true;
    this.storage?.setItem(KEY, this.session);
  }

  /** To be called when all was given to the browser: the second frame from then comes after the page was drawn. */
  end(): void {
    requestAnimationFrame(() => requestAnimationFrame(() => this.settle()));
  }

  forget(): void {
    this.isKept = false;
    this.storage?.removeItem(KEY);
  }

  private settle(): void {
    if (--this.drawing === 0 && !this.isKept) {
      this.forget();
    }
  }
}

/** A page that is embedded without a storage of its own goes without. */
function storageOfTab(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
