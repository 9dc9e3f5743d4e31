import { RAW } from '@session-replay/format';

/** Elements that pages style by their address. */
const STYLED = new Set(['a', 'area', 'img', 'iframe', 'input', 'video', 'source']);

/** Adds addresses as the page wrote them to attributes that rrweb has made absolute, and does the same with posters. */
export function addRawAddresses(element: Element, attributes: Record<string, unknown>): void {
  if (!STYLED.has(element.localName)) {
    return;
  }
  if (typeof attributes['poster'] === 'string' && URL.canParse(attributes['poster'], element.baseURI)) {
    attributes['poster'] = new URL(attributes['poster'], element.baseURI).href;
  }
  for (const [name, raw] of RAW) {
    const value = attributes[name];
    const written = element.getAttribute(name);
    if (typeof value === 'string' && written !== null && written !== value && !written.startsWith('data:')) {
      attributes[raw] = written;
    } else if (name in attributes) {
      attributes[raw] = null;
    }
  }
}
