import { listen } from '../listen.ts';
import { load, type Files } from '../load.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const START_MS = 5000;

/** The name that a page with `trusted-types` lists. */
const POLICY = 'session-replay';

interface TrustedTypes {
  defaultPolicy: object | null;
  createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => { createScriptURL: (url: string) => string };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** Makes an address one that a page with Trusted Types takes; where it has a default policy, that one decides. */
function trusted(url: string): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  if (!trustedTypes || trustedTypes.defaultPolicy) {
    return url;
  }
  policy ??= trustedTypes.createPolicy(POLICY, { createScriptURL: (given) => given });
  return policy.createScriptURL(url);
}

/** The way to the pipeline: a worker, or the same code on the page's thread where no worker can start (CSP, old browser). */
export class Channel {
  private worker: Worker | undefined;
  private fallback: ((message: ToWorker) => void) | undefined;
  /** What was said before the worker answered; it is said again to the fallback. */
  private early: ToWorker[] | undefined = [];
  private isLoading = false;
  /** As it was before anything of the page's network was watched. */
  private readonly fetchApi: typeof fetch = fetch;

  constructor(
    private readonly urls: Pick<Files, 'worker' | 'fallback'>,
    private readonly receive: (message: FromWorker) => void,
  ) {
    try {
      this.worker = this.start(urls.worker);
      listen(this.worker, 'message', (event: MessageEvent<FromWorker>) => {
        this.early = undefined;
        this.hear(event.data);
      });
      listen(this.worker, 'error', (event: ErrorEvent) => {
        event.preventDefault();
        void this.fallBack();
      });
      setTimeout(() => void this.fallBack(), START_MS);
    } catch {
      void this.fallBack();
    }
  }

  post(message: ToWorker): void {
    if (message.type === 'forget') {
      // Whatever hinders it: nothing of the visitor's stays in memory.
      setTimeout(() => this.close(), START_MS);
    }
    if (this.fallback) {
      this.fallback(message);
      return;
    }
    this.early?.push(message);
    this.worker?.postMessage(message);
  }

  /** The worker has nothing left to do. */
  private close(): void {
    this.early = undefined;
    this.worker?.terminate();
    this.worker = undefined;
  }

  private hear(message: FromWorker): void {
    if (message.type === 'done') {
      this.close();
    }
    this.receive(message);
  }

  /** A worker's script must be of the page's own origin; one of another origin is loaded from within a worker made here. */
  private start(url: string): Worker {
    if (new URL(url, location.href).origin === location.origin) {
      return new Worker(trusted(url));
    }
    const [name, address] = [JSON.stringify(POLICY), JSON.stringify(url)];
    const policy = `trustedTypes.createPolicy(${name}, { createScriptURL: (url) => url })`;
    const script = `importScripts(self.trustedTypes ? ${policy}.createScriptURL(${address}) : ${address})`;
    const own = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    try {
      return new Worker(trusted(own));
    } finally {
      setTimeout(() => URL.revokeObjectURL(own), START_MS);
    }
  }

  /**
   * Nothing was heard of the worker: it is ended, and all that was said to it is done here. Batches that it may have sent are idempotent.
   */
  private async fallBack(): Promise<void> {
    if (!this.early || this.isLoading) {
      return;
    }
    this.isLoading = true;
    try {
      const module = (await load(this.urls.fallback)) as typeof import('../fallback.ts');
      if (!this.early) {
        // The worker has answered after all, or there is nothing left to do.
        return;
      }
      this.worker?.terminate();
      this.worker = undefined;
      const receive = module.receiver((message) => this.hear(message), this.fetchApi);
      this.fallback = this.early && receive;
      this.early?.forEach(receive);
    } catch (error) {
      this.receive({ type: 'failed', where: 'worker', message: `neither the worker nor its fallback can be loaded: ${String(error)}` });
      this.receive({ type: 'ended', code: 'no-worker' });
    }
    this.early = undefined;
  }
}
