import type { Stop } from '../capture/capture.ts';
import { WeakStops } from './weak-stops.ts';

type Frame = HTMLIFrameElement;

/** Observes the documents of frames, each once, and lets go of them when the frame leaves or loads another. */
export class Frames {
  private readonly documents = new WeakMap<Node, Document>();
  private readonly listeners = new WeakMap<Frame, () => void>();
  private readonly stops = new WeakStops();

  /** @param forget Forgets the nodes of a document that is no longer shown. */
  constructor(private readonly forget: (document: Document) => void) {}

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
    }
  }

  /** Calls back at each load of a frame; the listener before is taken off. */
  onLoad(frame: Frame, listener: () => void): void {
    const before = this.listeners.get(frame);
    if (before) {
      frame.removeEventListener('load', before);
    }
    this.listeners.set(frame, listener);
    frame.addEventListener('load', listener);
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
