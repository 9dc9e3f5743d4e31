const KEY = 'session-replay-drawing';

/**
 * Notes in the tab's own storage that a page of a recording is being drawn. A note that is still there when the tab comes back is of a page that the
 * browser could not draw: it is not drawn again before the viewer says so.
 */
export class CrashGuard {
  constructor(
    private readonly session: string,
    private readonly storage: Storage | undefined = storageOfTab(),
  ) {}

  /** Whether this session kept the browser busy until the tab was ended. */
  get isStuck(): boolean {
    return this.storage?.getItem(KEY) === this.session;
  }

  begin(): void {
    this.storage?.setItem(KEY, this.session);
  }

  /** To be called when all was given to the browser: the second frame from then comes after the page was drawn. */
  end(): void {
    requestAnimationFrame(() => requestAnimationFrame(() => this.forget()));
  }

  forget(): void {
    this.storage?.removeItem(KEY);
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
