import { newId } from '@session-replay/format';
import { Batcher } from './batcher.ts';
import type { CaptureContext, Stop } from './capture/capture.ts';
import { startCaptures } from './capture/captures.ts';
import { CHECKOUT_MS, DomCapture } from './capture/dom.ts';
import { standsInPage } from './capture/secrets.ts';
import type { EchoGuard } from './echo-guard.ts';
import { ErrorBuffer } from './error-buffer.ts';
import type { RecordedEvent } from './events.ts';
import type { Failures } from './failures.ts';
import { IdleWatch } from './idle-watch.ts';
import { listen } from './listen.ts';
import { filesOf, type Later } from './load.ts';
import { privacyOf, type Privacy } from './masking.ts';
import type { ResolvedOptions } from './options.ts';
import { Recovery } from './recovery.ts';
import { readPage } from './session/page.ts';
import type { SessionName } from './session/opt-out.ts';
import type { Sessions } from './session/session.ts';
import { BatchReports } from './transport/batch-reports.ts';
import { Channel } from './transport/channel.ts';
import { handOverUnsent } from './transport/hand-over-unsent.ts';
import { handover } from './transport/handover.ts';
import type { FromWorker, Target } from './transport/protocol.ts';

/** The most bytes of batches in one upload, unless one batch is larger. */
const MAX_UPLOAD_BYTES = 512 * 1024;

/** What the recorders of a page share. */
export interface RecorderSetup {
  writeKey: string;
  options: ResolvedOptions;
  sessions: Sessions;
  failures: Failures;
  maxBatchBytes: number;
  secrets: EchoGuard;
  later: CaptureContext['later'];
}

/** What a recorder reports. */
export interface RecorderEvents {
  /** @param lost How many events were given up with the session. */
  onEnded: (code: string, lost: number) => void;
  /** Everything was sent or given up. */
  onDone: (recorder: Recorder) => void;
}

/** Records one window: from the page's load, or from the begin of a new session in it, to its end. */
export class Recorder {
  readonly target: Target;
  readonly channel: Channel;
  readonly batcher: Batcher;
  readonly failures: Failures;
  readonly secrets: EchoGuard;
  pack: Later['pack'] | undefined;
  private readonly options: ResolvedOptions;
  private readonly sessions: Sessions;
  private readonly reports: BatchReports;
  private readonly buffer: ErrorBuffer | undefined;
  private readonly idle: IdleWatch;
  private readonly recovery = new Recovery(() => this.dom?.snapshot());
  private readonly stops: Stop[] = [];
  private readonly beforeSending = new Set<() => void>();
  private readonly privacy: Privacy;
  private readonly later: CaptureContext['later'];
  private dom: DomCapture | undefined;
  private running = true;

  constructor(
    { writeKey, options, sessions, failures, maxBatchBytes, secrets, later }: RecorderSetup,
    session: SessionName,
    private readonly events: RecorderEvents,
  ) {
    this.options = options;
    this.sessions = sessions;
    this.failures = failures;
    this.secrets = secrets;
    this.privacy = privacyOf(options);
    this.target = {
      endpoint: options.endpoint,
      writeKey,
      session: session.id,
      secret: session.secret,
      window: newId(),
      maxBytes: Math.min(MAX_UPLOAD_BYTES, maxBatchBytes),
      assetsOf: options.captureAssets ? location.origin : undefined,
    };
    this.later = later;
    void later.then((loaded) => (this.pack = loaded?.pack));
    this.channel = new Channel(filesOf(options), (message) => failures.guard('worker', () => this.receive(message), undefined));
    this.batcher = new Batcher(this.channel, () => readPage(options.appVersion, this.privacy), failures, maxBatchBytes);
    this.reports = new BatchReports(this.target.window, this.batcher, this.recovery, failures);
    this.begin();
    this.buffer = this.newBuffer();
    this.idle = new IdleWatch({
      onIdle: () => failures.guard('idle', () => this.pause(), undefined),
      onBack: (from, to) => failures.guard('idle', () => this.resume(from, to), undefined),
      onActivity: () => failures.guard('idle', () => this.touch(), undefined),
    });
    this.startCapture();
  }

  /** The Web Worker begins, with what earlier pages have left to it. */
  private begin(): void {
    this.channel.post({ type: 'start', target: this.target });
    this.secrets.each((value) => this.channel.post({ type: 'secret', value }));
    handover.take(this.target.endpoint, Date.now()).forEach((batch) => this.channel.post({ type: 'leftover', batch }));
  }

  /** In mode "onError" nothing is sent before an error. */
  private newBuffer(): ErrorBuffer | undefined {
    return this.options.mode === 'onError' && !this.sessions.isTriggered(this.target.session)
      ? new ErrorBuffer((event) => this.batcher.add(event), () => setTimeout(() => this.dom?.snapshot(), 0)) : undefined;
  }

  private readonly onVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      this.failures.guard('handover', () => {
        this.beforeSending.forEach((run) => run());
        this.batcher.cut(false);
      }, undefined);
    } else if (!this.idle.isIdle) {
      // So that a player follows the visitor to this tab also when nothing is done in it.
      this.emit({ time: Date.now(), interaction: { type: 'tab_shown', target: '', text: '', count: 0 } });
    }
  };

  private readonly onPageHide = (): void => this.failures.guard('handover', () => this.handOver(), undefined);

  get session(): SessionName {
    return { id: this.target.session, secret: this.target.secret };
  }

  /** Reports events that were given up with the session before. */
  addLost(events: number): void {
    this.batcher.addLost(events);
  }

  /** Records an event of the recorder's own kinds. */
  emit(event: RecordedEvent): void {
    if (!this.running) {
      return;
    }
    this.failures.guard('emit', () => {
      if (this.buffer && !this.buffer.isOpen) {
        this.buffer.add(event);
        if (event.error) {
          this.trigger();
        }
      } else {
        this.batcher.add(event);
      }
    }, undefined);
  }

  /** In mode "onError": sends what was kept and goes on sending, also in the pages of the session that follow. */
  trigger(): void {
    if (this.buffer && !this.buffer.isOpen) {
      this.sessions.noteTrigger(this.target.session);
      this.failures.guard('emit', () => this.buffer?.open(), undefined);
    }
  }

  /** Sends what is waiting. */
  flush(): void {
    this.beforeSending.forEach((run) => run());
    this.batcher.cut(false);
    this.channel.post({ type: 'flush' });
  }

  stop(): void {
    if (!this.running) {
      return;
    }
    this.running = false;
    this.stopCapture();
    this.failures.guard('stop', () => this.batcher.cut(true), undefined);
    this.channel.post({ type: 'end' });
  }

  /** Stops and forgets everything that was not sent. */
  forget(): void {
    this.running = false;
    removeEventListener('pagehide', this.onPageHide);
    this.stopCapture();
    this.batcher.clear();
    this.buffer?.clear();
    this.channel.post({ type: 'forget' });
  }

  private startCapture(): void {
    this.stops.push(...startCaptures(this.context()));
    this.startDom();
    this.idle.listen();
    // Stays when the recording stops: what was recorded until then may still be on its way. It does nothing once all has been answered.
    addEventListener('pagehide', this.onPageHide);
    this.stops.push(listen(document, 'visibilitychange', this.onVisibility));
  }

  /** The page was written over, and its listeners went with what it was. */
  private startAgain(): void {
    if (this.running) {
      this.stopCapture();
      this.startCapture();
    }
  }

  /** What the page does by itself is not recorded while the visitor is away; what the application says is. */
  private context(): CaptureContext {
    const { options, failures, privacy } = this;
    const note = (value: string): void => {
      this.secrets.learn(value, standsInPage()).forEach((secret) => this.channel.post({ type: 'secret', value: secret }));
    };
    const secrets = { note, has: (text: string) => this.secrets.has(text) };
    const noteLoaded = (urls: string[]): void => this.channel.post({ type: 'loaded', urls });
    const beforeSending = (run: () => void): Stop => {
      this.beforeSending.add(run);
      return () => this.beforeSending.delete(run);
    };
    const unlessIdle = <T>(use: (value: T) => void) => (value: T): void => (this.idle.isIdle ? undefined : use(value));
    return {
      emit: unlessIdle((event) => this.emit(event)), lost: unlessIdle((count) => this.batcher.addLost(count)), failures, options, privacy,
      secrets, now: Date.now, later: this.later, noteLoaded, beforeSending,
    };
  }

  private startDom(): void {
    const checkout = (): number => (this.buffer && !this.buffer.isOpen ? this.options.bufferSeconds * 1000 : CHECKOUT_MS);
    this.dom = this.failures.guard('dom', () => new DomCapture(this.context(), checkout, () => this.startAgain()), undefined);
  }

  private pause(): void {
    this.dom?.stop();
    this.dom = undefined;
    this.batcher.cut(false);
  }

  private resume(from: number, to: number): void {
    if (!this.touch()) {
      return;
    }
    this.emit({ time: to, gap: { reason: 'idle', from, to } });
    this.startDom();
  }

  /** Notes the visitor's activity; a session that has ended since ends the recorder. */
  private touch(): boolean {
    const alive = this.sessions.touch(this.target.session, Date.now());
    if (!alive && this.running) {
      this.stop();
      this.events.onEnded('expired', 0);
    }
    return alive;
  }

  private stopCapture(): void {
    this.idle.stop();
    this.dom?.stop();
    this.dom = undefined;
    for (const stop of this.stops.splice(0)) {
      this.failures.guard('stop', stop, undefined);
    }
  }

  private handOver(): void {
    if (!this.buffer || this.buffer.isOpen) {
      this.beforeSending.forEach((run) => run());
      handOverUnsent(this);
    }
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'weighed':
        this.batcher.noteWeight(message.seq, message.characters, message.bytes);
        break;
      case 'full':
        this.batcher.closeFull(message.seq);
        break;
      case 'live':
        this.batcher.setLive(message.isLive);
        break;
      case 'ended': {
        const lost = this.batcher.unsettledEvents;
        this.forget();
        this.events.onEnded(message.code, lost);
        break;
      }
      case 'done':
        removeEventListener('pagehide', this.onPageHide);
        this.events.onDone(this);
        break;
      default:
        this.reports.receive(message);
    }
  }
}
