import { BOX, FOREIGN_SHEET, MASKED, MEDIA, PRIVATE, RAW, WHY } from '@session-replay/format';
import { safeAddress } from './address.ts';
import { addRawAddresses } from './raw-addresses.ts';
import { maskText, mask, type Privacy } from '../masking.ts';

/**
 * Attributes that say in words what an element shows or holds. `href` is an address of the page, and of an e-mail or telephone where it is
 * private.
 */
const WORDS = new Set([
  'title', 'alt', 'placeholder', 'label', 'value', 'content', 'summary', 'download', 'datetime', 'cite', 'abbr',
  'aria-label', 'aria-description', 'aria-valuetext', 'aria-valuenow', 'aria-placeholder', 'aria-roledescription',
]);
/** Attributes of the application's own that styles hang on, as long as they say no more than a word of code. */
const STATES =
  /^data-(state|theme|side|align|orientation|disabled|selected|active|variant|size|mode|color-scheme|bs-theme|sr-.*|rr-.*|v-.*|astro-.*)$/;
/** What a page's style and size depend on. */
const LAYOUT_META = /^(viewport|color-scheme|theme-color)$/i;

/** The recorder's own names are not the page's to use. */
const OWN = new Set<string>([BOX, FOREIGN_SHEET, WHY, MASKED, MEDIA, ...RAW.values()]);

/** What such an element shows is not kept where it is private. */
const IMAGES = new Set(['img', 'input', 'image', 'video']);

/** Does in the attributes of an element what rrweb leaves undone, in place. */
export function hideAttributes(element: Element, attributes: Record<string, unknown>, isPrivate: boolean, { unmask }: Privacy): void {
  const tag = element.localName;
  if (tag === 'iframe' || tag === 'frame') {
    nameFrame(element as HTMLIFrameElement, attributes, isPrivate);
  }
  const isUnmasked = !isPrivate && unmask !== undefined && element.matches(unmask);
  for (const name of Object.keys(attributes)) {
    if (OWN.has(name)) {
      delete attributes[name];
      continue;
    }
    const value = attributes[name];
    const isText = typeof value === 'string' && value !== '';
    if ((tag === 'iframe' && name === 'srcdoc') || (tag === 'option' && name === 'selected') || (isPrivate && name === 'checked')) {
      // The document of a frame is recorded as such; what is chosen is the visitor's.
      delete attributes[name];
    } else if (isText && tag === 'meta' && name === 'content' && !LAYOUT_META.test(element.getAttribute('name') ?? '')) {
      // Tokens against forgery, names of users: nothing of it shows.
      attributes[name] = mask(value);
    } else if (isText && !isUnmasked && (isPrivate ? isWord(name, value) : isEcho(tag, name))) {
      attributes[name] = maskText(value);
    } else if (isText && isPrivate && (name === 'href' || name === 'xlink:href') && (tag === 'a' || tag === 'area')) {
      attributes[name] = '#';
    }
  }
  if (!isPrivate) {
    addRawAddresses(element, attributes);
  }
  if (isPrivate && tag === 'input' && /^(checkbox|radio)$/.test((element as HTMLInputElement).type)) {
    attributes[MASKED] = '';
  }
  if (isPrivate && (IMAGES.has(tag) || 'style' in attributes)) {
    attributes[WHY] = PRIVATE;
  }
}

/** rrweb leaves the address of a frame out where its document is recorded; styles may hang on it. */
function nameFrame(frame: HTMLIFrameElement, attributes: Record<string, unknown>, isPrivate: boolean): void {
  if (typeof frame.src === 'string' && frame.hasAttribute('src') && attributes['rr_src'] === undefined) {
    attributes['data-sr-src'] = isPrivate ? '#' : safeAddress(frame.src);
  }
}

function isWord(name: string, value: string): boolean {
  return WORDS.has(name) || (name.startsWith('data-') && !(STATES.test(name) && /^[a-z\d-]{0,20}$/.test(value)));
}

/** Where pages and components copy the value of a field to. */
function isEcho(tag: string, name: string): boolean {
  return (
    (name === 'value' && tag.includes('-'))
    || (name.startsWith('data-') && name.endsWith('value'))
    || (tag === 'input' && name === 'aria-valuetext')
  );
}
