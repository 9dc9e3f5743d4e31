import type { Replayer } from '@rrweb/replay';

interface Scroll {
  id: number;
  x: number;
  y: number;
}

/** Scrolls smoothly during playback, because positions are recorded ten times a second, and instantly after a seek or a pause. */
export class Scrolls {
  /** Smooth scrolls that may still be running, by the id of their node. */
  private readonly smooth = new Map<number, Scroll>();
  private replayer: Replayer | undefined;

  /** Takes over scrolling from a replayer. With `isCalm`, nothing is scrolled smoothly. */
  attach(replayer: Replayer, isCalm: boolean): void {
    this.replayer = replayer;
    (replayer as unknown as { applyScroll: (scroll: Scroll, isSync: boolean) => void }).applyScroll = (scroll, isSync) =>
      this.apply(scroll, isSync || isCalm);
    replayer.on('fullsnapshot-rebuilded', () => this.smooth.clear());
  }

  /** Ends all smooth scrolls at their targets. */
  settle(): void {
    this.smooth.forEach((scroll) => this.scroll(scroll, 'instant'));
    this.smooth.clear();
  }

  private apply(scroll: Scroll, isInstant: boolean): void {
    if (isInstant) {
      this.smooth.delete(scroll.id);
    } else {
      this.smooth.set(scroll.id, scroll);
    }
    // Not `auto`: the page's `scroll-behavior` may make that smooth.
    this.scroll(scroll, isInstant ? 'instant' : 'smooth');
  }

  private scroll({ id, x, y }: Scroll, behavior: ScrollBehavior): void {
    const node = this.replayer?.getMirror().getNode(id);
    const target = node?.nodeType === Node.DOCUMENT_NODE ? (node as Document).defaultView : (node as Element | null);
    target?.scrollTo?.({ left: x, top: y, behavior });
  }
}
