import type { Replayer } from '@rrweb/replay';
import type { DomEvent } from '../data/chunk-loader.ts';

/** Runs something on the replayed page when it has changed: after a seek at once, while it plays at most once a frame. */
export function afterEvents(replayer: Replayer, isAbout: (event: DomEvent) => boolean, run: () => void): void {
  let frame: number | undefined;
  const now = (): void => {
    cancelAnimationFrame(frame ?? 0);
    frame = undefined;
    run();
  };
  replayer.on('flush', now);
  replayer.on('fullsnapshot-rebuilded', now);
  replayer.on('event-cast', (event) => {
    if (isAbout(event as DomEvent)) {
      frame ??= requestAnimationFrame(now);
    }
  });
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
