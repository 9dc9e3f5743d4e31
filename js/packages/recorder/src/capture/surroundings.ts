import type { Privacy } from '../masking.ts';
import { asElement, hostOf } from './composed.ts';

/** What holds for a node because of what it is in. */
export interface Facts {
  isBlocked: boolean;
  isMasked: boolean;
}

const NOTHING: Facts = { isBlocked: false, isMasked: false };

/** What holds for the nodes of a page at one moment. Each element is looked at once, however many nodes are in it. */
export class Surroundings {
  private readonly known = new Map<Element, Facts>();

  constructor(private readonly privacy: Privacy) {}

  /** What is in no tree any more is taken to be private. */
  of(node: Node | null): Facts {
    if (!node) {
      return { isBlocked: false, isMasked: true };
    }
    const open: Element[] = [];
    let facts: Facts | undefined;
    for (let element = asElement(node) ?? hostOf(node); element; element = element.parentElement ?? hostOf(element)) {
      facts = this.known.get(element);
      if (facts) {
        break;
      }
      open.push(element);
    }
    facts ??= NOTHING;
    for (let element = open.pop(); element; element = open.pop()) {
      facts = {
        isBlocked: facts.isBlocked || element.matches(this.privacy.block), isMasked: facts.isMasked || element.matches(this.privacy.mask),
      };
      this.known.set(element, facts);
    }
    const isEditable = (node.ownerDocument ?? (node as Document)).designMode === 'on';
    return isEditable && !facts.isMasked ? { ...facts, isMasked: true } : facts;
  }
}
