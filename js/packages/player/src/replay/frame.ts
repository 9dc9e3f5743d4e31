import { CSP } from './page-policy.ts';

const LOAD_MS = 30_000;
const MARK = 'meta[name="session-replay-frame"]';

/** The document in which a page is built did not come. */
export class FrameMissing extends Error {}

/** An empty document of its own policy, in which pages can be built. */
export interface ReplayFrame {
  /** What is shown in the player: the frame, and what is drawn over it. */
  readonly holder: HTMLElement;
  readonly frame: HTMLIFrameElement;
  /** The document that has the policy. Writing it again keeps it the same document. */
  readonly document: Document;
}

/**
 * The frame in which pages are built, one after the other in the same document: a browser then reads a stylesheet once that several of them
 * have.
 */
export class FrameLoader {
  private frame: Promise<ReplayFrame | undefined> | undefined;
  private loading = new AbortController();

  /** @param url The address of the empty document. */
  constructor(
    private readonly root: HTMLElement,
    private readonly url: string,
  ) {}

  /** Waits for the frame; undefined when it was removed before it came. One that did not come is asked for again. */
  ready(): Promise<ReplayFrame | undefined> {
    if (!this.frame) {
      const opening = openFrame(this.root, this.url, this.loading.signal);
      this.frame = opening;
      opening.catch(() => {
        if (this.frame === opening) {
          this.frame = undefined;
        }
      });
    }
    return this.frame;
  }

  remove(): void {
    this.loading.abort();
    this.loading = new AbortController();
    this.frame = undefined;
    this.root.replaceChildren();
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
    return { holder, frame, document: loaded };
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

/**
 * The policy holds whatever becomes of the answer's header; a document keeps it when the replayer writes it again. No page brings a policy
 * of its own: the document would keep each of them, and a browser checks every stylesheet against every policy.
 */
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
 * @throws FrameMissing when the frame has another document by now, which has no policy.
 */
export function rootOf({ holder, frame, document }: ReplayFrame): HTMLElement {
  if (frame.contentDocument !== document) {
    throw new FrameMissing();
  }
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
      wrapper.remove();
      return wrapper;
    },
  };
  return root as unknown as HTMLElement;
}
