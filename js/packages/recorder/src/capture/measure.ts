/**
 * Gives the size of an element as CSS would have to say it (of what is left out, with its border); undefined for what is not laid out as a
 * box of its own.
 */
export function measure(element: Element, isLeftOut: boolean): string | undefined {
  // Asking within content that the browser skips would make it lay all of it out.
  if (element.checkVisibility?.({ contentVisibilityAuto: true }) === false) {
    return undefined;
  }
  const style = element.ownerDocument.defaultView?.getComputedStyle(element);
  if (!style || element.getClientRects().length === 0) {
    return undefined;
  }
  if (isLeftOut) {
    const { width, height } = element.getBoundingClientRect();
    return `${round(width)} ${round(height)}`;
  }
  // What an object or an image shows in place of its content is text.
  if ((element.localName === 'object' && style.width === 'auto') || isBroken(element)) {
    return undefined;
  }
  const box = element.localName === 'image' ? (element as SVGGraphicsElement).getBBox() : element.getBoundingClientRect();
  const side = (computed: string, laidOut: number): number => round(/^[\d.]+px$/.test(computed) ? parseFloat(computed) : laidOut);
  return `${side(style.width, box.width)} ${side(style.height, box.height)}`;
}

/** Says whether an image has failed to load: it is laid out as its text is. */
export function isBroken(element: Element): boolean {
  const image = element as HTMLImageElement;
  return element.localName === 'img' && image.complete && image.naturalWidth === 0 && image.currentSrc !== '';
}

function round(px: number): number {
  return Math.round(px * 100) / 100;
}
