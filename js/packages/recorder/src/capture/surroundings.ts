import { getRootNode, matches, search } from '../rrweb/dom.ts';
import type { Privacy } from '../masking.ts';
import { asElement, hostOf } from './composed.ts';

/** What holds for a node because of what it is in. */
export interface Facts {
  isBlocked: boolean;
  isMasked: boolean;
}

/** What holds for the document of a page. */
export const NOTHING: Facts = { isBlocked: false, isMasked: false };

/** From so many elements of a tree on, it may be quicker to look for all that are private than to ask each. */
const MANY = 64;
/** A search takes this part of the time for each node of the page that it takes to ask one element. */
const SEARCH_COST = 1 / 16;

/** What is known of one document or shadow root. */
interface Tree {
  asked: number;
  /** All private and left-out elements, once they were looked for. */
  found?: Set<Element>;
}

/** What holds for the nodes of a page at one moment. Each element is looked at once, however many nodes are in it. */
export class Surroundings {
  private readonly known = new Map<Element, Facts>();
  private readonly trees = new Map<Node, Tree>();
  private readonly either: string;
  /** A selector may name what it is asked of, which is not the same in a search. */
  private readonly canSearch: boolean;

  /** @param countNodes Gives about how many nodes the page has. */
  constructor(
    private readonly privacy: Privacy,
    private readonly countNodes: () => number,
  ) {
    this.either = `${privacy.block},${privacy.mask}`;
    this.canSearch = !/:scope|:host|\\/i.test(this.either);
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

  /** What holds for an element in what has these facts. Most elements are neither private nor left out, and are asked once. */
  within(facts: Facts, element: Element): Facts {
    return this.isEither(element) ? this.decide(facts, element) : facts;
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

  private decide(facts: Facts, element: Element): Facts {
    const { block, mask } = this.privacy;
    return { isBlocked: facts.isBlocked || matches(element, block), isMasked: facts.isMasked || matches(element, mask) };
  }

  private isEither(element: Element): boolean {
    const root = getRootNode(element);
    let tree = this.trees.get(root);
    if (!tree) {
      this.trees.set(root, (tree = { asked: 0 }));
    }
    // A tree that is in no document has an element as its root.
    if (!tree.found && ++tree.asked >= MANY && this.countNodes() * SEARCH_COST < tree.asked && this.canSearch && root.nodeType !== 1) {
      tree.found = new Set(search(root, this.either));
    }
    return tree.found ? tree.found.has(element) : matches(element, this.either);
  }
}
