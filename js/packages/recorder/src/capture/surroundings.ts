import { matches } from '../rrweb/dom.ts';
import type { Privacy } from '../masking.ts';
import { asElement, hostOf } from './composed.ts';

/** What holds for a node because of what it is in. */
export interface Facts {
  isBlocked: boolean;
  isMasked: boolean;
}

/** What holds for the document of a page. */
export const NOTHING: Facts = { isBlocked: false, isMasked: false };

/** What holds for the nodes of a page at one moment. Each element is looked at once, however many nodes are in it. */
export class Surroundings {
  private readonly known = new Map<Element, Facts>();
  private readonly either: string;

  constructor(private readonly privacy: Privacy) {
    this.either = `${privacy.block},${privacy.mask}`;
  }

  /** What is in no tree any more is taken to be private. */
  of(node: Node | null): Facts {
    if (!node) {
      return { isBlocked: false, isMasked: true };
    }
    const facts = this.ofElement(asElement(node) ?? hostOf(node));
    const isEditable = (node.ownerDocument ?? (node as Document)).designMode === 'on';
    return isEditable && !facts.isMasked ? { ...facts, isMasked: true } : facts;
  }

  private ofElement(innermost: Element | undefined): Facts {
    const open: Element[] = [];
    let facts: Facts | undefined;
    for (let element = innermost; element; element = element.parentElement ?? hostOf(element)) {
      facts = this.known.get(element);
      if (facts) {
        break;
      }
      open.push(element);
    }
    facts ??= NOTHING;
    for (let element = open.pop(); element; element = open.pop()) {
      facts = this.within(facts, element);
      this.known.set(element, facts);
    }
    return facts;
  }

  /** What holds for an element in what has these facts. Most elements are neither private nor left out, and are asked once. */
  within(facts: Facts, element: Element): Facts {
    const { block, mask } = this.privacy;
    return matches(element, this.either)
      ? { isBlocked: facts.isBlocked || matches(element, block), isMasked: facts.isMasked || matches(element, mask) }
      : facts;
  }
}
