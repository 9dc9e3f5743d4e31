import type { SessionState } from './session.ts';

const OPT_OUT_KEY = 'session-replay-opt-out';
const WITHDRAWAL_KEY = 'session-replay-withdrawal';
const FORGET_KEY = 'session-replay-forget';

/** What it takes to have a session forgotten. */
export type SessionName = Pick<SessionState, 'id' | 'secret'>;

/** What a browser without storage knows: it holds for this page. */
const page: { out: boolean; forget: SessionName | undefined } = { out: false, forget: undefined };

/** Says whether the visitor has opted out for good. */
export function hasOptedOut(): boolean {
  return page.out || get(OPT_OUT_KEY) === '1';
}

/** Remembers, or forgets, that the visitor has opted out. */
export function rememberOptOut(out: boolean): void {
  page.out = out;
  set(OPT_OUT_KEY, out ? '1' : undefined);
}

/** The session that the server has still to be asked to delete. */
export function pendingForget(): SessionName | undefined {
  const [, id, secret] = /^([0-9a-f]{32})\.([0-9a-f]{32})$/.exec(get(FORGET_KEY) ?? '') ?? [];
  return page.forget ?? (id && secret ? { id, secret } : undefined);
}

/** Remembers the session that the server is to be asked to delete; undefined when it was asked. */
export function rememberForget(session: SessionName | undefined): void {
  page.forget = session;
  set(FORGET_KEY, session && `${session.id}.${session.secret}`);
}

/** Informs the other tabs that consent was taken back. Nothing of it stays. */
export function announceWithdrawal(): void {
  set(WITHDRAWAL_KEY, '1');
  set(WITHDRAWAL_KEY, undefined);
}

/**
 * Calls back when the visitor opts out or takes consent back in another tab. A page that the browser had put aside hears of nothing: when
 * it comes back, it looks.
 */
export function watchRefusal(on: { optOut: () => void; withdrawal: () => void; back: () => void }): void {
  addEventListener('storage', (event) => {
    if (event.newValue === '1' && event.key === OPT_OUT_KEY) {
      on.optOut();
    } else if (event.newValue === '1' && event.key === WITHDRAWAL_KEY) {
      on.withdrawal();
    }
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) {
      on.back();
    }
  });
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
