const OPT_OUT_KEY = 'session-replay-opt-out';
const FORGET_KEY = 'session-replay-forget';

/** What a browser without storage knows: it holds for this page. */
const page: { out: boolean; forget: string | undefined } = { out: false, forget: undefined };

/** Tells whether the visitor has opted out for good. */
export function hasOptedOut(): boolean {
  return page.out || get(OPT_OUT_KEY) === '1';
}

/** Remembers, or forgets, that the visitor has opted out. */
export function rememberOptOut(out: boolean): void {
  page.out = out;
  set(OPT_OUT_KEY, out ? '1' : undefined);
}

/** The session that the server has still to be asked to delete. */
export function pendingForget(): string | undefined {
  const id = page.forget ?? get(FORGET_KEY) ?? '';
  return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}

/** Remembers the session that the server is to be asked to delete; undefined when it was asked. */
export function rememberForget(session: string | undefined): void {
  page.forget = session;
  set(FORGET_KEY, session);
}

/** Calls back when the visitor opts out in another tab. Gives a function that ends it. */
export function watchOptOut(onOut: () => void): () => void {
  const listener = (event: StorageEvent): void => {
    if (event.key === OPT_OUT_KEY && event.newValue === '1') {
      onOut();
    }
  };
  addEventListener('storage', listener);
  return () => removeEventListener('storage', listener);
}

function get(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function set(key: string, value: string | undefined): void {
  try {
    if (value === undefined) {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, value);
    }
  } catch {
    // No storage: it holds for this page.
  }
}
