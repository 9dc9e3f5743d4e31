import type { Replayer } from '@rrweb/replay';
import type { DomEvent } from '../data/chunk-events.ts';

/**
 * While a page plays, no more than this part of the time goes into what is done after its events; but it is never put off longer than this.
 */
const SHARE = 0.1;
const MAX_WAIT_MS = 500;

/** Runs something on the replayed page when it has changed: after a seek at once, while it plays at most once a frame. */
export function afterEvents(replayer: Replayer, isAbout: (event: DomEvent) => boolean, run: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = 0;
  const now = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const began = performance.now();
    run();
    wait = Math.min(MAX_WAIT_MS, (performance.now() - began) / SHARE);
  };
  replayer.on('flush', now);
  replayer.on('fullsnapshot-rebuilded', now);
  replayer.on('event-cast', (event) => {
    if (isAbout(event as DomEvent)) {
      timer ??= setTimeout(() => requestAnimationFrame(now), wait);
    }
  });
}

/** What an input event of rrweb says of a field. */
export interface Input {
  id: number;
  text: string;
  [state: string]: unknown;
}

/** Runs something on a field when the replayer has applied an input to it. */
export function afterInputs(replayer: Replayer, run: (field: Element, input: Input) => void): void {
  const parts = replayer as unknown as { applyInput: (input: Input) => void };
  const apply = parts.applyInput.bind(replayer);
  parts.applyInput = (input) => {
    apply(input);
    const field = replayer.getMirror().getNode(input.id) as Element | null;
    if (field) {
      run(field, input);
    }
  };
}

/** All documents and shadow roots of the replayed page, those of its frames too. */
export function rootsOf(document: Document | null): (Document | ShadowRoot)[] {
  const roots: (Document | ShadowRoot)[] = document ? [document] : [];
  for (let at = 0; at < roots.length; at++) {
    for (const element of roots[at]!.querySelectorAll('*')) {
      const inner = element.shadowRoot ?? (element.localName === 'iframe' ? (element as HTMLIFrameElement).contentDocument : null);
      if (inner) {
        roots.push(inner);
      }
    }
  }
  return roots;
}
