import { privateText, maskText } from '../masking.ts';
import type { ResolvedOptions } from '../options.ts';
import { cut } from './text.ts';

const FIELDS = 'input,textarea,select,[contenteditable]';

/** Names an element for people: a short selector, and its visible text unless something of it is private. */
export function describeElement(element: Element, options: ResolvedOptions): { target: string; text: string } {
  const parts: string[] = [];
  for (let node: Element | null = element; node && parts.length < 3; node = node.parentElement) {
    parts.unshift(node.localName + (node.id ? `#${node.id}` : '') + Array.from(node.classList).slice(0, 2).map((c) => `.${c}`).join(''));
    if (node.id) {
      break;
    }
  }
  const hidden = [privateText(options), '[data-sr-block]', '.sr-block', options.blockSelector, FIELDS].filter(Boolean).join(',');
  const isPrivate = element.closest(hidden) ?? element.querySelector(hidden);
  const text = cut((element.textContent ?? '').trim().replace(/\s+/g, ' '), 80);
  return { target: cut(parts.join(' > '), 200), text: isPrivate ? maskText(text) : text };
}
