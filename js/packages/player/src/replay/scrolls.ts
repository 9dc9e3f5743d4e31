import type { Replayer } from '@rrweb/replay';

interface Scroll {
  id: number;
  x: number;
  y: number;
}

/** Scrolls as the visitor did: softly while the page plays, for positions are recorded ten times a second, and at once everywhere else. */
export class Scrolls {
  /** Where something was scrolled to softly, by the id of its node. */
  private readonly soft = new Map<number, Scroll>();
  private readonly isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;

  constructor(private readonly replayer: Replayer) {
    (replayer as unknown as { applyScroll: (scroll: Scroll, isSync: boolean) => void }).applyScroll = (scroll, isSync) => this.apply(scroll, isSync || this.isCalm);
    replayer.on('fullsnapshot-rebuilded', () => this.soft.clear());
  }

  /** Brings what is still on its way to its place. */
  settle(): void {
    this.soft.forEach((scroll) => this.scroll(scroll, 'instant'));
    this.soft.clear();
  }

  private apply(scroll: Scroll, isAtOnce: boolean): void {
    if (isAtOnce) {
      this.soft.delete(scroll.id);
    } else {
      this.soft.set(scroll.id, scroll);
    }
    // Not `auto`: the page's own style may make that a soft one.
    this.scroll(scroll, isAtOnce ? 'instant' : 'smooth');
  }

  private scroll({ id, x, y }: Scroll, behavior: ScrollBehavior): void {
    const node = this.replayer.getMirror().getNode(id);
    const target = node?.nodeType === Node.DOCUMENT_NODE ? (node as Document).defaultView : (node as Element | null);
    target?.scrollTo?.({ left: x, top: y, behavior });
  }
}
