import { maskText, type Privacy } from '../masking.ts';
import { closestComposed } from './composed.ts';
import { cut } from './text.ts';

const FIELDS = 'input,textarea,select,[contenteditable]';

/** Names an element for people: a short selector, and its visible text unless something of it is private. Of what is left out only the whole is named. */
export function describeElement(clicked: Element, { mask, block }: Privacy): { target: string; text: string } {
  const left = closestComposed(clicked, block);
  const element = left ?? clicked;
  const parts: string[] = [];
  for (let node: Element | null = element; node && parts.length < 3; node = node.parentElement) {
    parts.unshift(node.localName + (node.id ? `#${node.id}` : '') + Array.from(node.classList).slice(0, 2).map((c) => `.${c}`).join(''));
    if (node.id) {
      break;
    }
  }
  const hidden = `${mask},${block},${FIELDS}`;
  const isPrivate = closestComposed(element, hidden) ?? element.querySelector(hidden);
  const text = left ? '' : cut((element.textContent ?? '').trim().replace(/\s+/g, ' '), 80);
  return { target: cut(parts.join(' > '), 200), text: isPrivate ? maskText(text) : text };
}
