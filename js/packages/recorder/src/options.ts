import type { Failure } from './failures.ts';

/** What the page decides. The server's settings can only make it stricter. */
export interface RecorderOptions {
  /** Where session replay is mounted, absolute or from the page's root. Default: "/session-replay". */
  endpoint?: string;
  /** "granted" records at once; "required" captures, stores and sends nothing before `setConsent(true)`. Default: "granted". */
  consent?: 'granted' | 'required';
  /** Share of sessions to record, 0 to 1, decided once per session. Default: 1. */
  sampleRate?: number;
  /**
   * "always", or "onError": keeps the last `bufferSeconds` in memory and sends them only when an error or `trigger()` comes. Default:
   * "always".
   */
  mode?: 'always' | 'onError';
  /** Seconds kept in mode "onError", 10 to 300. Default: 60. */
  bufferSeconds?: number;
  /** Masks all text of the page and not only inputs and private elements. Default: false. */
  maskAllText?: boolean;
  /** Selector of elements whose text is masked, besides `[data-sr-mask]` and `.sr-mask`. */
  maskSelector?: string;
  /** Selector of elements that are left out and replaced by an empty box, besides `[data-sr-block]` and `.sr-block`. */
  blockSelector?: string;
  /** Selector of inputs whose values are recorded as they are. Never applies to passwords, cards, one-time codes and hidden fields. */
  unmaskInputSelector?: string;
  /** Records console lines. Default: true. */
  console?: boolean;
  /**
   * Records requests: "metadata" (address, status, timing, sizes), "full" (also text bodies up to 16 KiB), or "off". Default: "metadata".
   */
  network?: 'metadata' | 'full' | 'off';
  /** Records web vitals. Default: true. */
  performance?: boolean;
  /**
   * Keeps images and fonts of the page's own origin with the recording, from the browser's cache and never inside private elements.
   * Default: true.
   */
  captureAssets?: boolean;
  /** Stops when the browser sends Do Not Track or Global Privacy Control. Default: false. */
  respectDoNotTrack?: boolean;
  /** Release of the page's application, shown with the session. */
  appVersion?: string;
  /** Identifies the user from the start. */
  user?: UserTraits;
  /** Address of the worker script, of the page's own origin, for a strict CSP. Default: `${endpoint}/recorder.worker.js`. */
  workerUrl?: string;
  /** Called with every failure of the recorder; none of them reaches the page otherwise. */
  onError?: (failure: Failure) => void;
}

/** The signed-in user. All parts are optional but `id`. */
export interface UserTraits {
  id: string;
  email?: string;
  name?: string;
  [trait: string]: unknown;
}

type Optional = 'user' | 'onError' | 'workerUrl' | 'appVersion' | 'maskSelector' | 'blockSelector' | 'unmaskInputSelector';

/** The options with all defaults filled in. */
export type ResolvedOptions = Required<Omit<RecorderOptions, Optional>> & Pick<RecorderOptions, Optional>;

/**
 * Fills in the defaults and keeps numbers within their ranges. Throws when the endpoint is not an address or a selector is invalid: what
 * was to be private would not be.
 */
export function resolveOptions(options: RecorderOptions): ResolvedOptions {
  [options.maskSelector, options.blockSelector, options.unmaskInputSelector].forEach(checkSelector);
  const clamp = (value: number | undefined, min: number, max: number, fallback: number) =>
    typeof value === 'number' && !Number.isNaN(value) ? Math.min(max, Math.max(min, value)) : fallback;
  return {
    consent: 'granted',
    mode: 'always',
    maskAllText: false,
    console: true,
    network: 'metadata',
    performance: true,
    respectDoNotTrack: false,
    captureAssets: true,
    ...options,
    endpoint: new URL(options.endpoint ?? '/session-replay', document.baseURI).href.replace(/\/$/, ''),
    sampleRate: clamp(options.sampleRate, 0, 1, 1),
    bufferSeconds: clamp(options.bufferSeconds, 10, 300, 60),
  };
}

/** What is not closed ends with the text when it stands alone, and takes in what follows when it is part of a list. */
function checkSelector(selector: string | undefined): void {
  const probe = document.createDocumentFragment();
  probe.append(document.createElement('x'));
  if (selector && (!probe.querySelector(`${selector},x`) || isSelector(probe, `${selector},!`))) {
    throw new SyntaxError(`"${selector}" is not a selector`);
  }
}

function isSelector(probe: DocumentFragment, text: string): boolean {
  try {
    probe.querySelector(text);
    return true;
  } catch {
    return false;
  }
}
