import {
  absoluteToDoc, extractFileExtension, getAbsoluteSrcsetString, ignoreAttribute, markCssSplits, stringifyStylesheet,
} from '@rrweb/record';
import { ELEMENT_NODE, type SerializedNode } from '@session-replay/format';
import { admission } from '../capture/admission.ts';
import { absolutifyURLs } from './css.ts';
import { attributeNames, getAttribute } from './dom.ts';

type Attributes = Record<string, unknown>;
interface How {
  isBlocked: boolean;
  isAdded: boolean;
}

/** Attributes that may hold addresses. */
const ADDRESSES = new Set(['src', 'href', 'xlink:href', 'background', 'srcset', 'style', 'data']);
/** Fields whose value is not what the visitor has written. */
const BY_ATTRIBUTE = new Set<unknown>(['radio', 'checkbox', 'submit', 'button']);

/** Reads an element without what is in it, as rrweb does. */
export function readElement(element: Element, tagName: string, doc: Document, { isBlocked, isAdded }: How): Omit<SerializedNode, 'id'> {
  let attributes = readAttributes(element, tagName, doc);
  readSpecial(element, tagName, attributes, doc);
  if (!isAdded) {
    const { scrollLeft, scrollTop } = element;
    if (scrollLeft) {
      attributes['rr_scrollLeft'] = scrollLeft;
    }
    if (scrollTop) {
      attributes['rr_scrollTop'] = scrollTop;
    }
  }
  if (isBlocked) {
    const { width, height } = element.getBoundingClientRect();
    attributes = { class: attributes['class'], rr_width: `${width}px`, rr_height: `${height}px` };
  }
  if (tagName === 'iframe' || tagName === 'frame') {
    if (!(element as HTMLIFrameElement).contentDocument) {
      attributes['rr_src'] = attributes['src'];
    }
    delete attributes['src'];
  }
  const read: Omit<SerializedNode, 'id'> = { type: ELEMENT_NODE, tagName, attributes, childNodes: [] };
  if (element.tagName === 'svg' || (element as SVGElement).ownerSVGElement) {
    read.isSVG = true;
  }
  if (tagName.includes('-') && customElements.get(tagName)) {
    read.isCustom = true;
  }
  return read;
}

/** Whether a link's stylesheet is waited for. */
export function isAwaitedSheet({ rel, href }: Attributes): boolean {
  return rel === 'stylesheet' || (rel === 'preload' && typeof href === 'string' && extractFileExtension(href) === 'css');
}

/** Gives an attribute as it is recorded: with addresses that are absolute. */
export function transformAttribute(doc: Document, tagName: string, name: string, value: string | null): string | null {
  if (!value || !ADDRESSES.has(name)) {
    return value;
  }
  switch (name) {
    case 'src':
      return absoluteToDoc(doc, value);
    case 'href':
      return tagName === 'use' && value[0] === '#' ? value : absoluteToDoc(doc, value);
    case 'xlink:href':
      return value[0] === '#' ? value : absoluteToDoc(doc, value);
    case 'background':
      return ['table', 'td', 'th'].includes(tagName) ? absoluteToDoc(doc, value) : value;
    case 'srcset':
      return getAbsoluteSrcsetString(doc, value);
    case 'style':
      return absolutifyURLs(value, doc.baseURI);
    default:
      return tagName === 'object' ? absoluteToDoc(doc, value) : value;
  }
}

/** Attributes to be filled in. One may have the name of a member that every other object has, `__proto__` too. */
export function noAttributes(): Attributes {
  return { __proto__: null } as unknown as Attributes;
}

/** How a dialog that is open was opened. */
export function dialogMode(dialog: Element): 'modal' | 'non-modal' {
  return dialog.matches('dialog:modal') ? 'modal' : 'non-modal';
}

/** By name: an object for each attribute would stay with its element. */
function readAttributes(element: Element, tagName: string, doc: Document): Attributes {
  const attributes = noAttributes();
  const names = attributeNames(element);
  for (let at = 0; at < names.length; at++) {
    const name = names[at]!;
    // An attribute in another case than HTML has it cannot be asked for.
    const value = getAttribute(element, name) ?? element.attributes[at]?.value ?? '';
    if (!ignoreAttribute(tagName, name)) {
      attributes[name] = transformAttribute(doc, tagName, name.toLowerCase(), value);
    }
  }
  return attributes;
}

function readSpecial(element: Element, tagName: string, attributes: Attributes, doc: Document): void {
  switch (tagName) {
    case 'link':
      readLink(element as HTMLLinkElement, attributes, doc);
      break;
    case 'style':
      readStyle(element as HTMLStyleElement, attributes);
      break;
    case 'input':
    case 'textarea':
    case 'select':
      readField(element as HTMLInputElement, attributes);
      break;
    case 'option':
      delete attributes['selected'];
      break;
    case 'dialog':
      if ((element as HTMLDialogElement).open) {
        attributes['rr_open_mode'] = dialogMode(element);
      }
      break;
    case 'audio':
    case 'video':
      readMedia(element as HTMLMediaElement, attributes);
      break;
  }
}

function readLink(link: HTMLLinkElement, attributes: Attributes, doc: Document): void {
  const sheet = Array.from(doc.styleSheets).find(({ href }) => href === link.href);
  const text = sheet && stringifyStylesheet(sheet);
  if (text) {
    delete attributes['rel'];
    delete attributes['href'];
    attributes['_cssText'] = text;
  }
}

function readStyle(style: HTMLStyleElement, attributes: Attributes): void {
  const text = style.sheet && stringifyStylesheet(style.sheet);
  if (text) {
    attributes['_cssText'] = style.childNodes.length > 1 ? markCssSplits(text, style) : text;
  }
}

function readField(field: HTMLInputElement, attributes: Attributes): void {
  const { value, checked } = field;
  if (!BY_ATTRIBUTE.has(attributes['type']) && value) {
    attributes['value'] = admission().maskInput(value, field);
  } else if (checked) {
    attributes['checked'] = checked;
  }
}

function readMedia(media: HTMLMediaElement, attributes: Attributes): void {
  attributes['rr_mediaState'] = media.paused ? 'paused' : 'played';
  attributes['rr_mediaCurrentTime'] = media.currentTime;
  attributes['rr_mediaPlaybackRate'] = media.playbackRate;
  attributes['rr_mediaMuted'] = media.muted;
  attributes['rr_mediaLoop'] = media.loop;
  attributes['rr_mediaVolume'] = media.volume;
}
