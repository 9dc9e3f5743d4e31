import { newId, newSecret } from '@session-replay/format';

const KEY = 'session-replay';
const TOUCH_MS = 5000;
const HEX = /^[0-9a-f]{32}$/;

/** A session as the browser keeps it, across the tabs of an origin. */
export interface SessionState {
  id: string;
  /** Proves to the server that a batch is this session's: 32 hex digits, never in an address. */
  secret: string;
  startedAt: number;
  lastActivity: number;
  /** Whether this session is in the sample; decided once. */
  sampled: boolean;
  /** In mode "onError": there was an error or a trigger, from then on all of the session is sent. */
  triggered?: boolean;
}

/** Knows the current session: one visit of one user, ended by idling or by its maximum length. */
export class Sessions {
  private memory: SessionState | undefined;

  constructor(
    private readonly limits: { idleMs: number; sessionMs: number },
    private readonly random: () => number = Math.random,
  ) {}

  /** Gives the current session, or begins one. */
  current(now: number, sampleRate: number): SessionState {
    const known = this.read();
    if (
      known
      && now - known.lastActivity < this.limits.idleMs
      && now - known.startedAt < this.limits.sessionMs
      && now >= known.startedAt - 60_000
    ) {
      this.memory = known;
      return known;
    }
    const state = { id: newId(now), secret: newSecret(), startedAt: now, lastActivity: now, sampled: this.random() < sampleRate };
    this.write(state);
    return state;
  }

  /** Notes activity, at most every few seconds. Says whether the session still is the current one. */
  touch(id: string, now: number): boolean {
    const known = this.read();
    if (!known || known.id !== id || now - known.lastActivity >= this.limits.idleMs || now - known.startedAt >= this.limits.sessionMs) {
      return false;
    }
    if (now - known.lastActivity >= TOUCH_MS) {
      this.write({ ...known, lastActivity: now });
    }
    return true;
  }

  /** Says whether there was an error or a trigger in a session. */
  isTriggered(id: string): boolean {
    const known = this.read();
    return known?.id === id && known.triggered === true;
  }

  /** Notes an error or a trigger, for the pages of the session that follow. */
  noteTrigger(id: string): void {
    this.change(id, { triggered: true });
  }

  /** Takes a session out of the sample: none of its later pages is recorded. */
  refuse(id: string): void {
    this.change(id, { sampled: false });
  }

  /** Gives the session that this browser knows of, recorded or not. */
  get known(): Pick<SessionState, 'id' | 'secret'> | undefined {
    return this.read();
  }

  /** Says whether the browser still has a session; where it keeps nothing, a page has its own. */
  get isKept(): boolean {
    try {
      return localStorage.getItem(KEY) !== null;
    } catch {
      return true;
    }
  }

  forget(): void {
    this.memory = undefined;
    try {
      localStorage.removeItem(KEY);
    } catch {
      // No storage: nothing was kept.
    }
  }

  private change(id: string, to: Partial<SessionState>): void {
    const known = this.read();
    if (known?.id === id) {
      this.write({ ...known, ...to });
    }
  }

  private read(): SessionState | undefined {
    try {
      const text = localStorage.getItem(KEY);
      const state = text ? (JSON.parse(text) as SessionState) : undefined;
      // One without a secret was begun by an earlier version: nobody can add to it.
      return state && HEX.test(state.id) && HEX.test(state.secret) ? state : this.memory;
    } catch {
      return this.memory;
    }
  }

  private write(state: SessionState): void {
    this.memory = state;
    try {
      localStorage.setItem(KEY, JSON.stringify(state));
    } catch {
      // No storage: the session lasts as long as this page.
    }
  }
}

