import type { Replayer } from '@rrweb/replay';
import type { Node as RecordedNode } from './node-shape.ts';

interface Scroll {
  id: number;
  x: number;
  y: number;
}

/**
 * Scrolls smoothly during playback, because positions are recorded ten times a second, and instantly after a seek or a pause. A seek
 * scrolls each element once, at its end: a browser lays out the page for every scroll.
 */
export class Scrolls {
  /** Smooth scrolls that may still be running, by the id of their node. */
  private readonly smooth = new Map<number, Scroll>();
  /** Where a seek will have scrolled elements to. */
  private readonly sought = new Map<number, Scroll>();
  private replayer: Replayer | undefined;

  /** Takes over scrolling from a replayer. With `isCalm`, nothing is scrolled smoothly. */
  attach(replayer: Replayer, isCalm: boolean): void {
    this.replayer = replayer;
    (replayer as unknown as { applyScroll: (scroll: Scroll, isSync: boolean) => void }).applyScroll = (scroll, isSync) =>
      isSync ? this.seek(scroll) : this.apply(scroll, isCalm);
    replayer.on('flush', () => this.endSeek());
    replayer.on('fullsnapshot-rebuilded', () => {
      this.smooth.clear();
      this.sought.clear();
      this.seekBuilt(replayer.getMirror());
    });
  }

  /** Ends all smooth scrolls at their targets. */
  settle(): void {
    this.smooth.forEach((scroll) => this.scroll(scroll, 'instant'));
    this.smooth.clear();
  }

  /** Elements stand where the snapshot says. */
  private seekBuilt(mirror: ReturnType<Replayer['getMirror']>): void {
    for (const id of mirror.getIds()) {
      const meta = mirror.getMeta(mirror.getNode(id)!) as RecordedNode | null;
      const { rr_scrollLeft: x, rr_scrollTop: y } = meta?.attributes ?? {};
      if (x !== undefined || y !== undefined) {
        this.seek({ id, x: Number(x ?? 0), y: Number(y ?? 0) });
      }
    }
  }

  private seek(scroll: Scroll): void {
    if (this.sought.size === 0) {
      // An event that came late is applied without a seek.
      queueMicrotask(() => this.endSeek());
    }
    // In the order of the last scroll of each.
    this.sought.delete(scroll.id);
    this.sought.set(scroll.id, scroll);
  }

  private endSeek(): void {
    this.sought.forEach((scroll) => this.apply(scroll, true));
    this.sought.clear();
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
