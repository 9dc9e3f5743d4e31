import { frameUpload } from '@session-replay/format';
import { describeError } from './capture/errors.ts';
import { toText } from './capture/text.ts';
import { EchoGuard } from './echo-guard.ts';
import type { RecordedEvent } from './events.ts';
import { Failures } from './failures.ts';
import { loadLater, waitFor } from './load.ts';
import { resolveOptions, type RecorderOptions, type ResolvedOptions, type UserTraits } from './options.ts';
import { Recorder } from './recorder.ts';
import { hasOptedOut, pendingForget, rememberForget, rememberOptOut, announceWithdrawal, watchRefusal } from './session/opt-out.ts';
import { asksNotToTrack } from './session/page.ts';
import { Sessions } from './session/session.ts';
import { fetchSettings, stricter } from './session/settings.ts';
import { areNeighbours } from './session/version.ts';
import { handover } from './transport/handover.ts';
import { eraseBatches } from './transport/stored-batch.ts';
import { VERSION } from './version.ts';

const FORGET_AGAIN_MS = 10_000;
const DEFAULT_LIMITS = { batchBytes: 16_777_216, idleMs: 1_800_000, sessionMs: 86_400_000 };
const MAX_SAID = 100;

/** What a page does with session replay. No method throws; failures are reported to `onError`. */
export class SessionReplayClient {
  private readonly failures: Failures;
  private readonly fetchApi: typeof fetch = fetch;
  /** Undefined when the page's options cannot be understood: nothing is recorded then. */
  private options: ResolvedOptions | undefined;
  private sessions = new Sessions(DEFAULT_LIMITS);
  private limits = DEFAULT_LIMITS;
  private recorder: Recorder | undefined;
  /** The one that records, and those before it that have something to send yet. */
  private readonly recorders = new Set<Recorder>();
  private readonly secrets = new EchoGuard();
  private user: UserTraits | undefined;
  private consent: boolean;
  private starting: Promise<void> | undefined;
  /** What the application says while recording begins; undefined at any other time. */
  private said: RecordedEvent[] | undefined;
  private stopped = false;
  /** Events that were given up with a session, to be reported with the next. */
  private lost = 0;

  constructor(private readonly writeKey: string, options: RecorderOptions) {
    this.failures = new Failures(options?.onError);
    this.options = this.failures.guard('options', () => resolveOptions(options), undefined);
    this.user = options?.user;
    this.consent = this.options?.consent === 'granted';
    const guarded = (run: () => void) => (): void => this.failures.guard('opt-out', run, undefined);
    watchRefusal({
      optOut: guarded(() => this.end()),
      withdrawal: guarded(() => this.withdraw()),
      back: guarded(() => {
        if (hasOptedOut()) {
          this.end();
        } else if (this.recorder && !this.sessions.isKept) {
          this.withdraw();
        }
      }),
    });
    this.failures.guard('start', () => {
      void this.askToForget();
      this.begin();
    }, undefined);
  }

  /** The session's id, 32 hex digits; undefined while nothing is recorded. */
  get sessionId(): string | undefined {
    return this.recorder?.session.id;
  }

  /** Resolves when recording has begun, or when it is clear that it will not. */
  get ready(): Promise<void> {
    return this.starting ?? Promise.resolve();
  }

  /** Sets the user. May be called at any time; the latest wins. */
  identify(id: string, traits: Omit<UserTraits, 'id'> = {}): void {
    this.failures.guard('identify', () => {
      this.user = { ...traits, id };
      this.sendUser();
    }, undefined);
  }

  /** Records an event of the application's own, findable by its name. `properties` are kept as JSON, at most 8,000 characters. */
  track(name: string, properties: Record<string, unknown> = {}): void {
    this.failures.guard('track', () => this.say({
      time: Date.now(), custom: { name: String(name).slice(0, 128), properties_json: toText(properties, 8000) },
    }), undefined);
  }

  /** Records an error that the application has caught. */
  addError(error: unknown): void {
    this.failures.guard('addError', () => this.say({ time: Date.now(), error: describeError(error, 'captured') }), undefined);
  }

  /** In mode "onError": sends what was kept and goes on sending, to the end of the session. */
  trigger(): void {
    this.recorder?.trigger();
  }

  /** Gives or takes back consent. Without it nothing is captured, stored or sent. */
  setConsent(granted: boolean): void {
    this.failures.guard('consent', () => {
      if (granted) {
        this.consent = true;
        this.start();
      } else {
        this.withdraw();
        this.sessions.forget();
        announceWithdrawal();
      }
    }, undefined);
  }

  /**
   * Stops for good, erases what this browser holds, and asks the server to delete the session, again with later pages when it cannot be
   * reached.
   */
  async optOut(): Promise<void> {
    await this.failures.guard('opt-out', () => {
      rememberForget(this.recorder?.session ?? this.sessions.known ?? pendingForget());
      this.end();
      rememberOptOut(true);
      this.sessions.forget();
      return this.askToForget();
    }, undefined);
  }

  /** Takes an opt-out back. */
  optIn(): void {
    this.failures.guard('opt-in', () => {
      rememberOptOut(false);
      this.start();
    }, undefined);
  }

  /** Sends what is waiting now. */
  flush(): void {
    this.failures.guard('flush', () => this.recorder?.flush(), undefined);
  }

  /** Stops recording; what was recorded is still sent. `start` goes on. */
  stop(): void {
    this.failures.guard('stop', () => {
      this.stopped = true;
      this.said = undefined;
      this.recorder?.stop();
      this.recorder = undefined;
    }, undefined);
  }

  /** Goes on after `stop`, in a new window of the session. */
  start(): void {
    this.failures.guard('start', () => {
      this.stopped = false;
      this.begin();
    }, undefined);
  }

  /** Consent was taken back, here or in another tab: it has to be given here again. */
  private withdraw(): void {
    this.consent = false;
    this.end();
  }

  /** Ends, and forgets what this browser holds of the visitor, of this page and of earlier ones. */
  private end(): void {
    this.stopped = true;
    this.said = undefined;
    this.recorders.forEach((recorder) => this.failures.guard('stop', () => recorder.forget(), undefined));
    this.recorder = undefined;
    handover.clear();
    eraseBatches().catch((error: unknown) => this.failures.report('store', error));
  }

  private begin(): void {
    if (!this.recorder && this.options && this.consent && !hasOptedOut() && !(this.options.respectDoNotTrack && asksNotToTrack())) {
      this.said ??= [];
      this.starting = this.startRecorder(this.options).catch((error: unknown) => this.failures.report('start', error)).finally(() => {
        this.said = undefined;
      });
    }
  }

  private async startRecorder(own: ResolvedOptions): Promise<void> {
    const later = loadLater(own, this.failures);
    const settings = await fetchSettings(own.endpoint, this.writeKey, this.fetchApi);
    await waitFor(later);
    if (settings?.version && !areNeighbours(VERSION, settings.version)) {
      this.failures.report('version', new Error(
        `recorder ${VERSION} and server ${settings.version} are more than one minor version apart: nothing is recorded`));
      return;
    }
    const options = settings ? stricter(own, settings) : own;
    this.options = options;
    if (settings) {
      this.limits = { ...DEFAULT_LIMITS, ...settings.limits };
      this.sessions = new Sessions(this.limits);
    }
    if (this.recorder || this.stopped || !this.consent || hasOptedOut() || (options.respectDoNotTrack && asksNotToTrack())) {
      return;
    }
    const session = this.sessions.current(Date.now(), options.sampleRate);
    if (!session.sampled || options.sampleRate === 0) {
      return;
    }
    const { writeKey, sessions, failures, secrets, limits: { batchBytes: maxBatchBytes } } = this;
    this.recorder = new Recorder({ writeKey, options, sessions, failures, maxBatchBytes, secrets, later }, session, {
      onEnded: (code, lost) => this.onEnded(session.id, code, lost),
      onDone: (recorder) => this.recorders.delete(recorder),
    });
    this.recorders.add(this.recorder);
    this.recorder.addLost(this.lost);
    this.lost = 0;
    this.sendUser();
    this.said?.forEach((event) => this.recorder?.emit(event));
  }

  /** Records what the application says, now or when recording has begun. */
  private say(event: RecordedEvent): void {
    if (this.recorder) {
      this.recorder.emit(event);
    } else if (this.said && this.said.length < MAX_SAID) {
      this.said.push(event);
    }
  }

  private onEnded(session: string, code: string, lost: number): void {
    this.recorder = undefined;
    // A session that expired, was deleted, or is not this browser's is followed by a new one; any other end is for good.
    if (code === 'expired' || code === 'session-deleted' || code === 'session-secret') {
      if (code === 'session-secret') {
        this.failures.report(
          'upload',
          new Error(`the server knows the session with another secret: ${lost} events are lost, a new session begins`),
        );
        this.lost += lost;
      }
      if (code !== 'expired' && this.sessions.known?.id === session) {
        this.sessions.forget();
      }
      this.begin();
      return;
    }
    this.stopped = true;
    if (code === 'session-quota') {
      this.sessions.refuse(session);
    }
    this.failures.report('upload', new Error(`the server has ended the recording: ${code}`));
  }

  private sendUser(): void {
    if (this.user && this.recorder) {
      const { id, email, name, ...traits } = this.user;
      this.recorder.emit({
        time: Date.now(),
        identify: {
          user_id: String(id).slice(0, 256), email: String(email ?? '').slice(0, 320), name: String(name ?? '').slice(0, 256),
          traits_json: toText(traits, 8000),
        },
      });
    }
  }

  /**
   * Asks the server to delete the session that the visitor has opted out of. What it answers ends it, an error of its own or none at all
   * does not.
   */
  private async askToForget(again = true): Promise<void> {
    const session = pendingForget();
    if (!session || !this.options) {
      return;
    }
    try {
      const response = await this.fetchApi(
        `${this.options.endpoint}/v1/sessions/${session.id}/forget?key=${encodeURIComponent(this.writeKey)}`,
        {
          method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: frameUpload(session.secret), keepalive: true,
          credentials: 'omit',
        },
      );
      if (response.status === 404 && again) {
        // Its first batch may still be on its way to the server.
        setTimeout(() => void this.askToForget(false), FORGET_AGAIN_MS);
        return;
      }
      if (response.status < 500 && response.status !== 429) {
        rememberForget(undefined);
      }
      if (!response.ok && response.status !== 404) {
        throw new Error(`the request to forget the session was answered with ${response.status}`);
      }
    } catch (error) {
      this.failures.report('opt-out', error);
    }
  }
}
