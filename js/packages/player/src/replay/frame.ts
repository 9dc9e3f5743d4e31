import { CSP } from './page-policy.ts';

const LOAD_MS = 30_000;
/** The next frame is loaded so long after a page was built. */
const NEXT_MS = 50;
const MARK = 'meta[name="session-replay-frame"]';

/** The document in which a page is built did not come. */
export class FrameMissing extends Error {}

/** An empty document of its own policy, in which a page can be built. */
export interface ReplayFrame {
  /** What is shown in the player: the frame, and what is drawn over it. */
  readonly holder: HTMLElement;
  readonly frame: HTMLIFrameElement;
}

/** The frames in which pages are built: one is loaded before it is needed, so that a page follows another at once. */
export class ReplayFrames {
  private next: Promise<ReplayFrame | undefined> | undefined;
  private loading = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param url The address of the empty document. */
  constructor(
    private readonly root: HTMLElement,
    private readonly url: string,
  ) {}

  /** Waits for a frame in which nothing was built yet; undefined when the frames were removed before it came. */
  ready(): Promise<ReplayFrame | undefined> {
    return this.next ?? this.open();
  }

  /** The frame that is ready is built in: what was there goes, and another is loaded when the page is drawn. */
  use(frame: ReplayFrame): void {
    [...this.root.children].filter((element) => element !== frame.holder).forEach((element) => element.remove());
    this.next = undefined;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ready().catch(() => undefined), NEXT_MS);
  }

  remove(): void {
    this.loading.abort();
    this.loading = new AbortController();
    this.next = undefined;
    clearTimeout(this.timer);
    this.root.replaceChildren();
  }

  private open(): Promise<ReplayFrame | undefined> {
    const opening = openFrame(this.root, this.url, this.loading.signal);
    this.next = opening;
    // A frame that did not come is asked for again when it is needed, and the problem is shown then.
    opening.catch(() => {
      if (this.next === opening) {
        this.next = undefined;
      }
    });
    return opening;
  }
}

/**
 * Loads the document in which a page is built. It comes from the server: a document that the player made itself would be under the policy
 * of the page that the player is in, and a strict one leaves out the recorded page's styles and images.
 * @returns undefined when the signal aborted it.
 * @throws FrameMissing when it does not come, or another document comes in its place.
 */
async function openFrame(root: HTMLElement, url: string, signal: AbortSignal): Promise<ReplayFrame | undefined> {
  const holder = document.createElement('div');
  holder.className = 'page';
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-same-origin');
  frame.setAttribute('title', 'The recorded page');
  frame.setAttribute('tabindex', '-1');
  frame.style.display = 'none';
  frame.src = url;
  holder.append(frame);
  root.append(holder);
  await loadOf(frame, AbortSignal.any([signal, AbortSignal.timeout(LOAD_MS)]));
  const loaded = frame.contentDocument;
  if (!signal.aborted && loaded?.querySelector(MARK)) {
    holdPolicy(loaded);
    return { holder, frame };
  }
  holder.remove();
  if (signal.aborted) {
    return undefined;
  }
  throw new FrameMissing();
}

/** Waits until a frame has loaded something, or the signal aborts it. */
function loadOf(frame: HTMLIFrameElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    frame.addEventListener('load', () => resolve(), { signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The policy holds whatever becomes of the answer's header; a document keeps it when the replayer writes it again. */
function holdPolicy(document: Document): void {
  const policy = document.createElement('meta');
  policy.httpEquiv = 'content-security-policy';
  policy.content = CSP;
  const names = document.createElement('meta');
  names.httpEquiv = 'x-dns-prefetch-control';
  names.content = 'off';
  document.head.append(policy, names);
}

/**
 * Stands in for the replayer's root. rrweb builds pages only in a frame that it has made: it gets the one that is loaded, which must not be
 * moved.
 */
export function rootOf({ holder, frame }: ReplayFrame): HTMLElement {
  const root = {
    appendChild: (wrapper: HTMLElement) => {
      const append = wrapper.appendChild.bind(wrapper);
      const own = {
        ownerDocument: { value: { createElement: () => frame }, configurable: true },
        appendChild: { value: (node: Node) => (node === frame ? (Reflect.deleteProperty(wrapper, 'ownerDocument'), node) : append(node)) },
      };
      Object.defineProperties(wrapper, own);
      holder.prepend(wrapper);
      return wrapper;
    },
    removeChild: (wrapper: HTMLElement) => {
      holder.remove();
      return wrapper;
    },
  };
  return root as unknown as HTMLElement;
}
