/**
 * Reading the scroll position of an element inside `content-visibility: auto` makes the browser lay out content it had skipped: with
 * 5,000 such rows a snapshot took 20 s. A skipped element has never been scrolled, so its position is 0 without asking.
 */
export function withScrollGuard<T>(run: () => T): T {
  const left = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollLeft');
  const top = Object.getOwnPropertyDescriptor(Element.prototype, 'scrollTop');
  const visible = (Element.prototype as Element & { checkVisibility?: (o: object) => boolean }).checkVisibility;
  if (!left?.get || !top?.get || !visible || !usesContentVisibility()) {
    return run();
  }
  const guarded = (get: () => number) =>
    function (this: Element): number {
      return visible.call(this, { contentVisibilityAuto: true }) ? get.call(this) : 0;
    };
  Object.defineProperty(Element.prototype, 'scrollLeft', { ...left, get: guarded(left.get) });
  Object.defineProperty(Element.prototype, 'scrollTop', { ...top, get: guarded(top.get) });
  try {
    return run();
  } finally {
    Object.defineProperty(Element.prototype, 'scrollLeft', left);
    Object.defineProperty(Element.prototype, 'scrollTop', top);
  }
}

/** A page without the property keeps the browser's own getters. Sheets that may not be read are taken to use it. */
function usesContentVisibility(): boolean {
  if (document.querySelector('[style*="content-visibility"]')) {
    return true;
  }
  for (const sheet of Array.from(document.styleSheets)) {
    try {
      for (const rule of Array.from(sheet.cssRules)) {
        if (rule.cssText.includes('content-visibility')) {
          return true;
        }
      }
    } catch {
      return true;
    }
  }
  return false;
}
