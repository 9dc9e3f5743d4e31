import { INCREMENTAL, INPUT, MOUSE_INTERACTION, SCROLL } from '@session-replay/format';
import type { Privacy } from '../masking.ts';
import { asElement, closestComposed } from './composed.ts';
import { describeElement, selectorOf } from './element.ts';

/** Clicks, also the second, the other button's and those of a finger: what else a pointer does is not named. */
const CLICKS = new Set([2, 3, 4, 7]);

/**
 * Names in a DOM event what the visitor acted on: `target` is a short selector, `label` its text or label. Of what is scrolled only the
 * selector.
 */
export function nameAct(event: { type: number; data: object }, node: Node | null | undefined, privacy: Privacy): void {
  const data = event.data as { source?: number; type?: number; id?: number; target?: string; label?: string };
  const isClick = data.source === MOUSE_INTERACTION && CLICKS.has(data.type!);
  if (event.type !== INCREMENTAL || data.id === undefined || !(isClick || data.source === INPUT || data.source === SCROLL)) {
    return;
  }
  const element = asElement(node);
  if (element && data.source === SCROLL) {
    data.target = selectorOf(closestComposed(element, privacy.block) ?? element);
  } else if (element) {
    const { target, text } = describeElement(element, privacy);
    data.target = target;
    if (text !== '') {
      data.label = text;
    }
  }
}
