import { maskText } from '../masking.ts';
import { cut } from './text.ts';

/** Names an element for people: a short selector, and its visible text unless it is private. */
export function describeElement(element: Element): { target: string; text: string } {
  const parts: string[] = [];
  for (let node: Element | null = element; node && parts.length < 3; node = node.parentElement) {
    parts.unshift(node.localName + (node.id ? `#${node.id}` : '') + Array.from(node.classList).slice(0, 2).map((c) => `.${c}`).join(''));
    if (node.id) {
      break;
    }
  }
  const isPrivate = element.closest('[data-sr-mask],.sr-mask,[data-sr-block],.sr-block,input,textarea,select,[contenteditable]');
  const text = cut((element.textContent ?? '').trim().replace(/\s+/g, ' '), 80);
  return { target: cut(parts.join(' > '), 200), text: isPrivate ? maskText(text) : text };
}
