import { isNativeShadowDom } from '@rrweb/record';
import { watchCalls } from '../capture/wrap.ts';
import { initMutationObserver } from './deliver.ts';
import { inDom } from './dom.ts';
import { report } from './errors.ts';
import type { BufferOptions } from './mutation-buffer.ts';
import { initScrollObserver } from './scrolls.ts';
import { WeakStops } from './weak-stops.ts';

type ScrollOptions = Parameters<typeof initScrollObserver>[0];

interface Options {
  mutationCb: (change: object) => void;
  scrollCb: ScrollOptions['scrollCb'];
  bypassOptions: Omit<ScrollOptions, 'doc' | 'scrollCb' | 'mirror'> & {
    stylesheetManager: { adoptStyleSheets: (sheets: readonly CSSStyleSheet[], user: Node) => void };
  };
  mirror: ScrollOptions['mirror'];
}

/** Observes the shadow roots of a page and those that come later, in place of rrweb's. */
export class ShadowDomManager {
  private readonly windows = new WeakStops();
  private readonly roots = new WeakStops();

  constructor(private readonly options: Options) {
    this.init();
  }

  init(): void {
    this.reset();
    this.watch(window, document);
  }

  addShadowRoot(root: ShadowRoot, doc: Document): void {
    if (!isNativeShadowDom(root) || this.roots.has(root)) {
      return;
    }
    const { bypassOptions, mutationCb, scrollCb, mirror } = this.options;
    const options = { ...bypassOptions, doc, mutationCb, mirror, shadowDomManager: this };
    const [observer] = initMutationObserver(options as unknown as BufferOptions, root);
    this.roots.add(root, () => observer.disconnect());
    this.roots.add(root, initScrollObserver({ ...bypassOptions, scrollCb, doc: root, mirror }));
    setTimeout(() => {
      if (root.adoptedStyleSheets?.length > 0 && this.roots.has(root)) {
        bypassOptions.stylesheetManager.adoptStyleSheets(root.adoptedStyleSheets, root.host);
      }
    }, 0);
  }

  observeAttachShadow({ contentWindow, contentDocument }: HTMLIFrameElement): void {
    if (contentWindow && contentDocument) {
      this.watch(contentWindow as Window & typeof globalThis, contentDocument);
    }
  }

  reset(): void {
    this.windows.stopAll();
    this.roots.stopAll();
  }

  /** A closed root is its component's own affair. */
  private watch(win: Window & typeof globalThis, doc: Document): void {
    if (!this.windows.has(doc)) {
      this.windows.add(
        doc,
        watchCalls(
          win.Element.prototype,
          'attachShadow',
          (self) => ({
            done: (root) => {
              if ((self as Element).shadowRoot === root && inDom(self as Element)) {
                this.addShadowRoot(root as ShadowRoot, doc);
              }
            },
          }),
          report,
        ),
      );
    }
  }
}
