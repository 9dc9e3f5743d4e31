import { maskText, type Privacy } from '../masking.ts';
import { closestComposed } from './composed.ts';
import { cut } from './text.ts';

/** What can be acted on, and so is what a visitor meant when they clicked on something in it. */
const CLICKABLE = 'a,button,[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[onclick],'
  + 'input,select,textarea,label,summary,[contenteditable]';
const FIELDS = 'input,textarea,select,[contenteditable]';
/** What is in them is not the text of what they are in, or a field's own. */
const SILENT = new Set(['script', 'style', 'noscript', 'template', 'textarea', 'select', 'option']);
const MAX_TEXT = 80;
const MAX_NODES = 200;

/** How an element is named for people. */
export interface ElementName {
  /** A short selector. */
  target: string;
  /** Its text or label, masked as the page is. */
  text: string;
}

/** Names an element: by what can be acted on that it is in, and of what is left out only by the whole. */
export function describeElement(acted: Element, { mask, block }: Privacy): ElementName {
  const left = closestComposed(acted, block);
  const element = left ?? acted.closest(CLICKABLE) ?? acted;
  return { target: selectorOf(element), text: left ? '' : textOf(element, mask, block) };
}

/** A short selector: an id, or a few steps down to the element. */
export function selectorOf(element: Element): string {
  const parts: string[] = [];
  for (let node: Element | null = element; node && parts.length < 3; node = node.parentElement) {
    parts.unshift(node.localName + (node.id ? `#${node.id}` : '') + Array.from(node.classList).slice(0, 2).map((c) => `.${c}`).join(''));
    if (node.id) {
      break;
    }
  }
  return cut(parts.join(' > '), 200);
}

/** What stands on an element: its label, or its text. A field is named by its label and never by what is in it. */
function textOf(element: Element, mask: string, block: string): string {
  const isField = element.matches(FIELDS);
  const named = (isField && (element as HTMLInputElement).labels?.[0]) || element;
  const said = firstOf(element, ['aria-label', 'alt', 'title']);
  const text =
    said
    || (isField && named === element
      ? firstOf(element, ['placeholder', 'name'])
      : visibleText(named) || firstOf(named.querySelector('[alt],[aria-label]'), ['alt', 'aria-label']));
  const isPrivate = closestComposed(element, mask) ?? closestComposed(named, `${mask},${block}`) ?? named.querySelector(`${mask},${block}`);
  return isPrivate ? maskText(cut(text, MAX_TEXT)) : cut(text, MAX_TEXT);
}

function firstOf(element: Element | null, attributes: string[]): string {
  return attributes.map((name) => element?.getAttribute(name)?.trim() ?? '').find(Boolean) ?? '';
}

/** The first of an element's text: no more of a large one is read than is shown. */
function visibleText(element: Element): string {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = '';
  for (let nodes = 0, node = walker.nextNode(); node && nodes < MAX_NODES && text.length <= MAX_TEXT; node = walker.nextNode(), nodes++) {
    if (!SILENT.has(node.parentElement?.localName ?? '')) {
      text += `${(node.nodeValue ?? '').slice(0, 1000)} `;
    }
  }
  return text.trim().replace(/\s+/g, ' ');
}
