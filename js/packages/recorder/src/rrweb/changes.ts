import { admission } from '../capture/admission.ts';
import { isEnough, type StyleChange } from './changed-styles.ts';
import { parentNode } from './dom.ts';
import type { Mirror } from './mirror.ts';
import { isNamed } from './names.ts';

/** A text that has changed. */
export interface TextChange {
  node: Node;
  value: string | null;
}

/** Attributes of an element that have changed. */
export interface AttributeChange {
  node: Element;
  attributes: Record<string, unknown>;
  style: StyleChange;
}

/** Gives the texts that have changed as they are recorded. What was added is recorded as it is now. */
export function recordTexts(changes: readonly TextChange[], mirror: Mirror, added: ReadonlySet<number>): object[] {
  const texts: object[] = [];
  for (const { node, value } of changes) {
    const id = mirror.getId(node);
    const text = !added.has(id) && mirror.has(id) ? admission().text(node, value) : undefined;
    if (text) {
      texts.push({ id, ...text });
    }
  }
  return texts;
}

/** Gives the attributes that have changed as they are recorded. */
export function recordAttributes(changes: readonly AttributeChange[], mirror: Mirror, added: ReadonlySet<number>): object[] {
  const all: object[] = [];
  for (const { node, attributes, style } of changes) {
    const id = mirror.getId(node);
    if (added.has(id) || !mirror.has(id)) {
      continue;
    }
    if (typeof attributes['style'] === 'string' && isEnough(style, attributes['style'])) {
      attributes['style'] = style.changed;
    }
    if (admission().change(node, attributes)) {
      all.push({ id, attributes });
    }
  }
  return all;
}

/** Says whether the text of a node is a field's value. */
export function isOfField(node: Node): boolean {
  return isNamed(parentNode(node), 'textarea');
}
