import type { Stop } from '../capture/capture.ts';
import { listen } from '../listen.ts';
import { onOtherRoot } from '../capture/other-root.ts';
import { WeakStops } from './weak-stops.ts';

type Frame = HTMLIFrameElement;

/** Observes the documents of frames, each once, and lets go of them when the frame leaves or loads another. */
export class Frames {
  private readonly documents = new WeakMap<Node, Document>();
  private readonly listeners = new WeakMap<Frame, { load: () => void; stop: Stop }>();
  private readonly stops = new WeakStops();

  /**
   * @param forget Forgets the nodes of a document that is no longer shown.
   * @param renumber Forgets their numbers, too: a document that was written over is recorded as another one.
   */
  constructor(
    private readonly forget: (document: Document) => void,
    private readonly renumber: (document: Document) => void,
  ) {}

  /** Observes what a frame shows now. */
  observe(frame: Frame, observe: (document: Document) => Stop | undefined): void {
    const document = frame.contentDocument;
    const before = this.documents.get(frame);
    if (before && before !== document) {
      this.forget(before);
      this.stops.stop(before);
    }
    if (document) {
      this.documents.set(frame, document);
      this.stops.stop(document);
      this.stops.add(document, observe(document) ?? (() => undefined));
      this.stops.add(document, onOtherRoot(document, () => this.listeners.get(frame)?.load()));
    }
  }

  /** Calls back at each load of a frame; the listener before is taken off. */
  onLoad(frame: Frame, listener: () => void): void {
    const load = (): void => {
      const document = frame.contentDocument;
      if (document && this.documents.get(frame) === document) {
        this.renumber(document);
      }
      listener();
    };
    this.listeners.get(frame)?.stop();
    this.listeners.set(frame, { load, stop: listen(frame, 'load', load) });
  }

  /** Lets go of what a frame that has left the page showed. Gives its document. */
  leave(node: Node): Document | undefined {
    const document = this.documents.get(node);
    if (document) {
      this.documents.delete(node);
      this.stops.stop(document);
    }
    return document;
  }

  stopAll(): void {
    this.stops.stopAll();
  }
}
