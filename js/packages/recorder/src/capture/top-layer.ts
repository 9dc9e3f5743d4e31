import { record } from '@rrweb/record';
import type { CaptureContext } from './capture.ts';
import type { Root } from './roots.ts';

/** More than any page opens at once. */
const MAX_OPEN = 100;
const POPOVER = ':popover-open';
const MODAL = 'dialog:modal';

/**
 * Follows what is in the top layer, in its order: an open popover has no attribute that says so. Each change is one event with all that is
 * open, so that a replay needs the last one alone.
 */
export class TopLayer {
  private readonly watched = new WeakSet<Root>();
  private open: WeakRef<Element>[] = [];
  private readonly isKnown = CSS.supports(`selector(${POPOVER})`);

  constructor(
    private readonly context: CaptureContext,
    private readonly emit: (tag: string, payload: object) => void,
  ) {}

  /** Watches a document or shadow root that has come into the recording, and takes in what is open there. */
  watch(root: Root): void {
    if (!this.isKnown) {
      return;
    }
    if (!this.watched.has(root)) {
      this.watched.add(root);
      // The event does not bubble, and ends at the shadow root.
      root.addEventListener('toggle', this.onToggle, true);
    }
    const open = this.current();
    for (const element of root.querySelectorAll(`${POPOVER},${MODAL}`)) {
      if (!open.includes(element)) {
        this.open.push(new WeakRef(element));
      }
    }
  }

  /** Says what is open: after a full snapshot. */
  report(): void {
    const open = this.current();
    this.open = open.map((element) => new WeakRef(element));
    const ids = open.map((element) => record.mirror.getId(element)).filter((id) => id > 0);
    this.emit('top-layer', { open: ids.slice(-MAX_OPEN) });
  }

  /** Whether something is open. */
  get isEmpty(): boolean {
    return this.open.length === 0;
  }

  stop(): void {
    this.isStopped = true;
  }

  private isStopped = false;

  private readonly onToggle = (event: Event): void => this.context.failures.guard('top layer', () => {
    const element = event.target as Element;
    if (this.isStopped || !(element.matches('[popover],dialog'))) {
      return;
    }
    // What was opened again is on top again.
    this.open = this.open.filter((known) => known.deref() !== element);
    if (isOpen(element)) {
      this.open.push(new WeakRef(element));
    }
    this.report();
  }, undefined);

  private current(): Element[] {
    return this.open.flatMap((known) => known.deref() ?? []).filter((element) => element.isConnected && isOpen(element));
  }
}

function isOpen(element: Element): boolean {
  return element.matches(`${POPOVER},${MODAL}`);
}
