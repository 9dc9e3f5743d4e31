import type { Stop } from '../capture/capture.ts';
import { watchGets, watchSets } from '../capture/wrap.ts';
import { report } from './errors.ts';
import type { StyleOptions } from './sheets.ts';

type Adopter = Document | ShadowRoot;
const NAME = 'adoptedStyleSheets';

/** What was last recorded of a document or shadow root. */
const recorded = new WeakMap<Adopter, CSSStyleSheet[]>();

/** Notes what is recorded of a document, or of an element's shadow root. */
export function noteAdopted(host: Node | null, sheets: readonly CSSStyleSheet[]): void {
  const adopter = host && ((host as Element).shadowRoot ?? (host as Document));
  if (adopter) {
    recorded.set(adopter, [...sheets]);
  }
}

/**
 * Records which constructed stylesheets a document and its shadow roots use, in place of rrweb's: by the browser's own property, so that no
 * document or shadow root gets one of its own. Code that reads the list may be about to change it in place.
 */
export function initAdoptedStyleSheetObserver(options: StyleOptions, host: Adopter): Stop {
  const win = 'defaultView' in host ? (host.defaultView as (Window & typeof globalThis) | null) : undefined;
  if (!win) {
    return () => undefined; // A shadow root: its window is watched.
  }
  let reading = false;
  const read = (adopter: Adopter): CSSStyleSheet[] => {
    reading = true;
    try {
      return Array.from(adopter.adoptedStyleSheets);
    } finally {
      reading = false;
    }
  };
  const emit = (adopter: Adopter): void => {
    const user = 'host' in adopter ? adopter.host : adopter;
    const sheets = read(adopter);
    const before = recorded.get(adopter) ?? [];
    if (options.mirror.getId(user) > 0 && (sheets.length !== before.length || sheets.some((sheet, at) => sheet !== before[at]))) {
      options.stylesheetManager.adoptStyleSheets(sheets, user);
    }
  };
  const later = (adopter: Adopter): void =>
    queueMicrotask(() => {
      try {
        emit(adopter);
      } catch (error) {
        report(error);
      }
    });
  const stops = [win.Document?.prototype, win.ShadowRoot?.prototype].flatMap((owner) =>
    owner
      ? [
          watchSets(owner, NAME, (self) => ({ done: () => emit(self as Adopter) }), report),
          watchGets(owner, NAME, (self) => (reading ? undefined : { done: () => later(self as Adopter) }), report),
        ]
      : [],
  );
  return () => stops.forEach((stop) => stop());
}
