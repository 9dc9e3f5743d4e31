import { INPUT, MEDIA_INTERACTION, STYLE_SOURCES } from '@session-replay/format';
import { isSecretField, maskText, type Privacy } from '../masking.ts';
import { closestComposed } from './composed.ts';

/** Changes that name the node which they are of. */
const OF_A_NODE = new Set<unknown>([INPUT, MEDIA_INTERACTION, ...STYLE_SOURCES]);

interface Change {
  source?: number;
  id?: number;
  text?: string;
  isChecked?: boolean;
  indeterminate?: true;
  chosen?: number[];
}

/** Hides what is private of a change that names its node, in place. Gives false when nothing of it is recorded. */
export function hidePrivate(data: Change, node: Node | null | undefined, privacy: Privacy): boolean {
  if (!OF_A_NODE.has(data.source) || typeof data.id !== 'number') {
    return true;
  }
  // Also a field that a library makes to try something out, and never puts into the page.
  if (!node || data.id < 0 || closestComposed(node, privacy.block)) {
    return false;
  }
  if (data.chosen && !isListShown(node as Element, privacy)) {
    delete data.chosen;
  }
  if (data.source === INPUT && typeof data.text === 'string' && isMasked(node, privacy)) {
    data.text = maskText(data.text);
    data.isChecked = false;
    delete data.indeterminate;
    delete data.chosen;
  }
  return true;
}

/** What is in no tree any more is taken to be private. */
export function isMasked(node: Node | null, { mask }: Privacy): boolean {
  return !node || closestComposed(node, mask) !== undefined || (node.ownerDocument ?? (node as Document)).designMode === 'on';
}

/** rrweb leaves out what is chosen in every list, as all fields are masked for it. */
export function isChosen(option: HTMLOptionElement, privacy: Privacy): boolean {
  const list = option.closest('select');
  return option.selected && list !== null && isListShown(list, privacy);
}

function isListShown(list: Element, { unmask }: Privacy): boolean {
  return unmask !== undefined && list.matches(unmask) && !isSecretField(list);
}
