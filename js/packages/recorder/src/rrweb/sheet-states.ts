import { stringifyStylesheet } from '@rrweb/record';
import { FOREIGN_SHEET } from '@session-replay/format';
import { admission, type Visit } from '../capture/admission.ts';
import type { Stop } from '../capture/capture.ts';
import { watchSets, type Watcher } from '../capture/wrap.ts';
import { listen } from '../listen.ts';
import { report } from './errors.ts';

type Owner = HTMLLinkElement | HTMLStyleElement;
type Win = Window & typeof globalThis;
interface MutationOptions {
  mirror: { getId: (node: Node | null) => number };
  mutationCb: (change: object) => void;
}

/** What of a `link` or `style` decides whether and where its sheet holds. */
const ATTRIBUTES = ['media', 'disabled', 'rel', 'title', 'href', 'type'];
const OWNERS = new Set<unknown>(['link', 'style']);
/** A sheet that does not hold is shown as one for no medium. */
const NOWHERE = 'not all';

/** The sheet of an element, whether all that it imports was there, and the media that it holds for, as they were last recorded. */
interface Recorded {
  sheet: CSSStyleSheet | null;
  isWhole: boolean;
  media: string | null;
}

const recorded = new WeakMap<Element, Recorded>();

/** Notes and completes what an event of rrweb says of the sheets of `link` and `style` elements. */
export const visitSheet: Visit = (attributes, visited, node) => {
  if (!OWNERS.has(visited.localName) || !(node || '_cssText' in attributes || 'media' in attributes)) {
    return;
  }
  const element = visited as Owner;
  if (node || '_cssText' in attributes) {
    const media = mediaOf(element);
    // A change is recorded whole: what was said before of the element would hold on.
    if (!node || media !== element.getAttribute('media')) {
      attributes['media'] = media;
    }
    recorded.set(element, { sheet: element.sheet, isWhole: isWhole(element.sheet), media });
    if (element.sheet && !('_cssText' in attributes) && isForeign(element.sheet)) {
      attributes[FOREIGN_SHEET] = element.sheet.href;
    }
  } else if (recorded.get(element)?.media === NOWHERE) {
    attributes['media'] = NOWHERE;
  }
};

/** Records sheets that are switched on and off, and those of links that load another file. */
export function watchSheets(options: MutationOptions, { document, StyleSheet, HTMLLinkElement, HTMLStyleElement }: Win): Stop {
  const states = new SheetStates(options);
  const later = (node: unknown): void => states.refreshLater(node);
  const observer = new MutationObserver((changes) => changes.forEach(({ target }) => later(target)));
  observer.observe(document, { subtree: true, attributeFilter: ATTRIBUTES });
  const ofSheet: Watcher = (sheet) => ({ done: () => later((sheet as StyleSheet).ownerNode) });
  const ofElement: Watcher = (element) => ({ done: () => later(element) });
  const stops = [
    listen(document, 'load', ({ target }) => later(target), { capture: true }),
    watchSets(StyleSheet.prototype, 'disabled', ofSheet, report),
    watchSets(HTMLLinkElement.prototype, 'disabled', ofElement, report),
    watchSets(HTMLStyleElement.prototype, 'disabled', ofElement, report),
  ];
  return () => {
    observer.disconnect();
    stops.forEach((stop) => stop());
  };
}

/** Records what has become of the sheets of `link` and `style` elements. */
class SheetStates {
  constructor(private readonly options: MutationOptions) {}

  /** After rrweb has recorded what it does by itself. */
  refreshLater(node: unknown): void {
    if (!node || !/^(link|style)$/.test((node as Element).localName)) {
      return;
    }
    setTimeout(() => {
      try {
        this.refresh(node as Owner);
      } catch (error) {
        report(error);
      }
    }, 0);
  }

  private refresh(element: Owner): void {
    const id = this.options.mirror.getId(element);
    const before = recorded.get(element);
    if (id <= 0 || !before) {
      return;
    }
    const media = mediaOf(element);
    const { sheet } = element;
    if (element.localName === 'style') {
      this.recordImports(element as HTMLStyleElement, before);
    }
    const loaded = element.localName === 'link' && sheet && sheet !== before.sheet ? contentOf(sheet) : undefined;
    if (media !== before.media || loaded) {
      recorded.set(element, { ...before, sheet: loaded ? sheet : before.sheet, media });
      const attributes = { media, ...loaded };
      if (admission().change(element, attributes)) {
        this.emit({ attributes: [{ id, attributes }] });
      }
    }
  }

  /** What a style imports can arrive after the style was recorded: its text then holds it. */
  private recordImports(element: HTMLStyleElement, before: Recorded): void {
    const { sheet } = element;
    if (!sheet || !hasImports(sheet) || !isWhole(sheet) || (before.isWhole && before.sheet === sheet)) {
      return;
    }
    const parts = [...element.childNodes].filter((node) => this.options.mirror.getId(node) > 0);
    const text = stringifyStylesheet(sheet);
    if (parts.length > 0 && text !== null) {
      before.sheet = sheet;
      before.isWhole = true;
      const texts = parts.map((node, at) => ({ id: this.options.mirror.getId(node), ...admission().text(node, at === 0 ? text : '') }));
      this.emit({ texts: texts.filter((change) => 'value' in change) });
    }
  }

  private emit(change: object): void {
    this.options.mutationCb({ texts: [], removes: [], adds: [], attributes: [], ...change });
  }
}

/** A sheet's text, or of one of another origin its address. */
function contentOf(sheet: CSSStyleSheet): Record<string, unknown> {
  return isForeign(sheet) ? { [FOREIGN_SHEET]: sheet.href } : { _cssText: stringifyStylesheet(sheet) ?? '' };
}

function hasImports({ cssRules }: CSSStyleSheet): boolean {
  return [...cssRules].some((rule) => 'styleSheet' in rule);
}

/** Says whether a sheet has all that it imports. */
function isWhole(sheet: CSSStyleSheet | null): boolean {
  try {
    return [...(sheet?.cssRules ?? [])].every((rule) => !('styleSheet' in rule) || rule.styleSheet !== null);
  } catch {
    return true; // Of another origin: nothing of it can be read.
  }
}

function isForeign(sheet: CSSStyleSheet): boolean {
  try {
    return !sheet.cssRules;
  } catch {
    return sheet.href !== null;
  }
}

/** The media for which an element's sheet holds now. */
function mediaOf(element: Owner): string | null {
  const isOff = element.sheet
    ? element.sheet.disabled
    : element.localName === 'link' && ((element as HTMLLinkElement).disabled || !/\bstylesheet\b/i.test((element as HTMLLinkElement).rel));
  return isOff ? NOWHERE : element.getAttribute('media');
}
