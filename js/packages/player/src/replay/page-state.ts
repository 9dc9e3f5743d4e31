import type { Replayer } from '@rrweb/replay';
import { CUSTOM, FULL_SNAPSHOT } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { buildMathMl } from './math-ml.ts';
import type { OwnEvent, RecordedAnimation } from './own-events.ts';

const ELEMENT = 1;
const DOCUMENT_FRAGMENT = 11;

/** What is shown of a page besides its DOM: the top layer, and the animations of its scripts. */
export class PageState {
  private open: number[] = [];
  private shown: Element[] = [];
  private readonly animations = new Map<number, { recorded: RecordedAnimation; from: number; made?: Animation }>();
  private readonly shadowRoots = new Set<ShadowRoot>();
  private replayer: Replayer | undefined;

  /** Takes an event of the recording. While the replayer seeks, what it says is shown at the end of that. */
  readonly handler = (event: DomEvent, isSync: boolean, { replayer }: { replayer: Replayer }): void => {
    this.replayer = replayer;
    if (event.type === FULL_SNAPSHOT) {
      this.open = [];
      this.shown = [];
      this.animations.clear();
    } else if (event.type === CUSTOM) {
      this.take(event.data as unknown as OwnEvent, event.timestamp);
      if (!isSync) {
        this.show(event.timestamp);
      }
    }
  };

  /** Takes note of a node that the replayer has made. */
  readonly onBuild = (node: Node): void => {
    const frame = node.nodeType === ELEMENT && (node as Element).localName === 'iframe' ? (node as HTMLIFrameElement) : undefined;
    if (frame) {
      this.onDocument(frame.contentDocument);
    }
    const parent = node.parentNode;
    if (parent?.nodeType === DOCUMENT_FRAGMENT && 'host' in parent) {
      this.shadowRoots.add(parent as ShadowRoot);
    }
  };

  /** Prepares a document before the replayer builds a page in it. */
  onDocument(document: Document | null): void {
    if (document) {
      buildMathMl(document);
    }
  }

  /** The shadow roots of the page. */
  get roots(): ShadowRoot[] {
    for (const root of this.shadowRoots) {
      if (!root.isConnected) {
        this.shadowRoots.delete(root);
      }
    }
    return [...this.shadowRoots];
  }

  /** Shows what holds at a time. */
  show(time: number): void {
    this.showTopLayer();
    for (const known of this.animations.values()) {
      this.animate(known, time);
    }
  }

  private take({ tag, payload }: OwnEvent, time: number): void {
    if (tag === 'top-layer') {
      this.open = payload.open;
    } else if (tag === 'animations') {
      for (const recorded of payload.set) {
        this.animations.get(recorded.id)?.made?.cancel();
        this.animations.set(recorded.id, { recorded, from: time });
      }
      for (const id of payload.gone) {
        this.animations.get(id)?.made?.cancel();
        this.animations.delete(id);
      }
    }
  }

  private node(id: number): Element | null {
    const node = this.replayer?.getMirror().getNode(id);
    return node?.nodeType === 1 ? (node as Element) : null;
  }

  /** Brings the top layer into its order: from the first difference on it is built again. */
  private showTopLayer(): void {
    const wanted = this.open.flatMap((id) => this.node(id) ?? []);
    const same = wanted.findIndex((element, i) => this.shown[i] !== element || !isOpen(element));
    const from = same < 0 ? wanted.length : same;
    for (const element of this.shown) {
      if (!wanted.slice(0, from).includes(element)) {
        close(element);
      }
    }
    this.shown = wanted;
    let parent: Element | undefined = wanted[from - 1];
    for (const element of wanted.slice(from)) {
      close(element);
      show(element, parent);
      parent = element;
    }
  }

  private animate(known: { recorded: RecordedAnimation; from: number; made?: Animation }, time: number): void {
    const { recorded } = known;
    const node = this.node(recorded.node);
    if (!node || (known.made?.effect as KeyframeEffect | undefined)?.target === node) {
      return;
    }
    known.made?.cancel();
    const made = node.animate(recorded.keyframes, { ...recorded.timing, pseudoElement: recorded.pseudo, composite: recorded.composite });
    made.playbackRate = recorded.rate;
    made.currentTime = recorded.time + (recorded.state === 'running' ? Math.max(0, time - known.from) * recorded.rate : 0);
    if (recorded.state === 'paused') {
      made.pause();
    }
    known.made = made;
  }
}

function isOpen(element: Element): boolean {
  return element.matches(':popover-open,dialog:modal');
}

function close(element: Element): void {
  if (element.matches(':popover-open')) {
    (element as HTMLElement).hidePopover();
  } else if (element.matches('dialog:modal')) {
    // Without the attribute it would not close.
    element.setAttribute('open', '');
    (element as HTMLDialogElement).close();
  }
}

/** @param parent What is open below: an automatic popover closes others, unless it is opened from one. */
function show(element: Element, parent: Element | undefined): void {
  if (!element.isConnected) {
    return;
  }
  if (element.hasAttribute('popover')) {
    (element as HTMLElement).showPopover({ source: parent as HTMLElement | undefined });
  } else if (element.localName === 'dialog') {
    (element as HTMLDialogElement).removeAttribute('open');
    (element as HTMLDialogElement).showModal();
  }
}
