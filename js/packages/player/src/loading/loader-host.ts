import type { Answer, Order } from './protocol.ts';
import { receiver } from './receiver.ts';

/** Replaced by the hash of the worker when the player is built: the file of another version is another address. */
declare const WORKER_VERSION: string;

/** How long a worker may take to start. */
const START_MS = 10_000;

/** Where the loader runs. */
export interface LoaderHost {
  send: (order: Order) => void;
  close: () => void;
}

/** Starts the loader in a worker; where none can start (a policy forbids it, or the script is of another origin), on the page's thread. */
export function openLoader(onAnswer: (answer: Answer) => void): LoaderHost {
  try {
    return new WorkerHost(new Worker(workerUrl()), onAnswer);
  } catch {
    return openLoaderHere(onAnswer);
  }
}

/** The name that a page with `trusted-types` lists. */
const POLICY = 'session-replay-player';

interface TrustedTypes {
  defaultPolicy: object | null;
  createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => { createScriptURL: (url: string) => string };
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** The worker's address, as a page with Trusted Types takes it; where it has a default policy, that one decides. */
function workerUrl(): string {
  const { href } = new URL(`session-replay-player.worker.js?v=${WORKER_VERSION}`, import.meta.url);
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  if (!trustedTypes || trustedTypes.defaultPolicy) {
    return href;
  }
  policy ??= trustedTypes.createPolicy(POLICY, { createScriptURL: (url) => url });
  return policy.createScriptURL(href);
}

/** Starts the loader on the page's thread. */
export function openLoaderHere(onAnswer: (answer: Answer) => void): LoaderHost {
  const receive = receiver((answer) => void Promise.resolve().then(() => onAnswer(answer)));
  return { send: receive, close: () => undefined };
}

/** A worker; and the page's thread in its place when it does not start. */
class WorkerHost implements LoaderHost {
  private fallback: LoaderHost | undefined;
  /** What was ordered before the worker had started. */
  private orders: Order[] | undefined = [];
  private readonly timer: ReturnType<typeof setTimeout>;

  constructor(
    private readonly worker: Worker,
    private readonly onAnswer: (answer: Answer) => void,
  ) {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      this.started();
      onAnswer(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.giveUp();
    };
    this.timer = setTimeout(() => this.giveUp(), START_MS);
  }

  send(order: Order): void {
    if (this.fallback) {
      this.fallback.send(order);
    } else {
      this.orders?.push(order);
      this.worker.postMessage(order);
    }
  }

  close(): void {
    clearTimeout(this.timer);
    this.worker.terminate();
  }

  private started(): void {
    clearTimeout(this.timer);
    this.orders = undefined;
  }

  private giveUp(): void {
    if (this.orders && !this.fallback) {
      this.close();
      this.fallback = openLoaderHere(this.onAnswer);
      this.orders.forEach((order) => this.fallback!.send(order));
    }
  }
}
