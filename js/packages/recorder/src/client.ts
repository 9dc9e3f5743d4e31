import { describeError } from './capture/errors.ts';
import { toText } from './capture/text.ts';
import { Failures } from './failures.ts';
import { resolveOptions, type RecorderOptions, type ResolvedOptions, type UserTraits } from './options.ts';
import { Recorder } from './recorder.ts';
import { asksNotToTrack } from './session/page.ts';
import { Sessions, hasOptedOut, rememberOptOut } from './session/session.ts';
import { handover } from './transport/handover.ts';
import { fetchSettings, stricter } from './session/settings.ts';

const DEFAULT_LIMITS = { idleMs: 1_800_000, sessionMs: 86_400_000 };

/** What a page does with session replay. No method throws; failures are told to `onError`. */
export class SessionReplayClient {
  private readonly failures: Failures;
  private readonly fetchApi: typeof fetch = window.fetch.bind(window);
  private options: ResolvedOptions;
  private sessions = new Sessions(DEFAULT_LIMITS);
  private recorder: Recorder | undefined;
  private user: UserTraits | undefined;
  private consent: boolean;
  private starting: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly writeKey: string,
    options: RecorderOptions,
  ) {
    this.failures = new Failures(options.onError);
    this.options = resolveOptions(options);
    this.user = options.user;
    this.consent = this.options.consent === 'granted';
    this.begin();
  }

  /** The session's id, 32 hex digits; undefined while nothing is recorded. */
  get sessionId(): string | undefined {
    return this.recorder?.session;
  }

  /** Resolves when recording has begun, or when it is clear that it will not. */
  get ready(): Promise<void> {
    return this.starting ?? Promise.resolve();
  }

  /** Says who the user is. May be called at any time; the latest wins. */
  identify(id: string, traits: Omit<UserTraits, 'id'> = {}): void {
    this.user = { ...traits, id };
    this.sendUser();
  }

  /** Records an event of the application's own, findable by its name. `properties` are kept as JSON, at most 8,000 characters. */
  track(name: string, properties: Record<string, unknown> = {}): void {
    this.recorder?.emit({ time: Date.now(), custom: { name: String(name).slice(0, 128), properties_json: toText(properties, 8000) } });
  }

  /** Records an error that the application has caught. */
  addError(error: unknown): void {
    this.recorder?.emit({ time: Date.now(), error: describeError(error, 'captured') });
  }

  /** In mode "onError": sends what was kept and goes on sending. */
  trigger(): void {
    this.recorder?.trigger();
  }

  /** Gives or takes back consent. Without it nothing is captured, stored or sent. */
  setConsent(granted: boolean): void {
    this.consent = granted;
    if (granted) {
      this.stopped = false;
      this.begin();
    } else {
      this.end();
      this.sessions.forget();
    }
  }

  /** Stops for good, erases what this browser holds, and asks the server to delete the session. */
  async optOut(): Promise<void> {
    const session = this.recorder?.session;
    this.end();
    rememberOptOut(true);
    this.sessions.forget();
    if (session) {
      try {
        await this.fetchApi(`${this.options.endpoint}/v1/sessions/${session}/forget?key=${encodeURIComponent(this.writeKey)}`, {
          method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '', keepalive: true, credentials: 'omit',
        });
      } catch (error) {
        this.failures.report('opt-out', error);
      }
    }
  }

  /** Takes an opt-out back. */
  optIn(): void {
    rememberOptOut(false);
    this.stopped = false;
    this.begin();
  }

  /** Sends what is waiting now. */
  flush(): void {
    this.recorder?.flush();
  }

  /** Stops recording; what was recorded is still sent. `start` goes on. */
  stop(): void {
    this.stopped = true;
    this.recorder?.stop();
    this.recorder = undefined;
  }

  /** Goes on after `stop`, in a new window of the session. */
  start(): void {
    this.stopped = false;
    this.begin();
  }

  private end(): void {
    this.stopped = true;
    this.recorder?.forget();
    this.recorder = undefined;
    handover.clear();
  }

  private begin(): void {
    if (!this.recorder && this.consent && !hasOptedOut()) {
      this.starting = this.startRecorder().catch((error: unknown) => this.failures.report('start', error));
    }
  }

  private async startRecorder(): Promise<void> {
    const settings = await fetchSettings(this.options.endpoint, this.writeKey, this.fetchApi);
    if (settings) {
      this.options = stricter(this.options, settings);
      this.sessions = new Sessions(settings.limits ?? DEFAULT_LIMITS);
    }
    if (this.recorder || this.stopped || !this.consent || (this.options.respectDoNotTrack && asksNotToTrack())) {
      return;
    }
    const session = this.sessions.current(Date.now(), this.options.sampleRate);
    if (!session.sampled || this.options.sampleRate === 0) {
      return;
    }
    this.recorder = new Recorder(this.writeKey, this.options, session.id, this.sessions, this.failures, (code) => {
      this.recorder = undefined;
      // An expired or deleted session is followed by a new one; any other end is for good.
      if (code === 'expired' || code === 'session-deleted') {
        if (code === 'session-deleted') {
          this.sessions.forget();
        }
        this.begin();
      } else {
        this.stopped = true;
        this.failures.report('upload', new Error(`the server has ended the recording: ${code}`));
      }
    });
    this.sendUser();
  }

  private sendUser(): void {
    if (this.user && this.recorder) {
      const { id, email, name, ...traits } = this.user;
      this.recorder.emit({
        time: Date.now(),
        identify: { user_id: String(id).slice(0, 256), email: email ?? '', name: name ?? '', traits_json: toText(traits, 8000) },
      });
    }
  }
}
