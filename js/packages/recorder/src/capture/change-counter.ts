import type { Stop } from './capture.ts';
import { watchCalls, watchSets, type Report } from './wrap.ts';

const EVENTS = ['input', 'change', 'scroll', 'toggle', 'popstate', 'hashchange'];

/** Counts what changes in a page, so that it is known whether a click has done something. */
export class ChangeCounter {
  count = 0;
  private readonly observer = new MutationObserver(() => this.note());
  private readonly stops: Stop[];

  constructor(report: Report) {
    this.observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const note = (): void => this.note();
    this.stops = [
      ...EVENTS.map((type) => {
        addEventListener(type, note, true);
        return () => removeEventListener(type, note, true);
      }),
      watchSets(HTMLInputElement.prototype, 'value', note, report),
      watchCalls(CSSStyleSheet.prototype, 'insertRule', note, report),
      watchCalls(CSSStyleDeclaration.prototype, 'setProperty', note, report),
    ];
  }

  stop(): void {
    this.observer.disconnect();
    this.stops.forEach((stop) => stop());
  }

  private note(): void {
    this.count++;
  }
}
