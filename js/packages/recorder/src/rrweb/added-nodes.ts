import { admission } from '../capture/admission.ts';
import { host, inDom, lastChild, nextSibling, parentNode, previousSibling } from './dom.ts';
import { warn } from './errors.ts';
import { isNamed } from './names.ts';
import { IGNORED, serializeAdded, type Owner, type Written } from './serialize.ts';

/** A node that was added, as it is recorded. */
export interface Added {
  parentId: number;
  nextId: number | null;
  node: Written;
}

/** What a page has done with its nodes between two deliveries. */
export interface Moves {
  /** Nodes that are new, or have another place. */
  added: Set<Node>;
  /** Those of them that were recorded before. */
  moved: Set<Node>;
  /** Nodes that were added and have gone again. */
  dropped: Set<Node>;
  /** All that is in what was removed. */
  removed: Set<Node>;
}

/**
 * Records nodes that were added, in an order in which a player can put each of them in its place: the parent before, and the next sibling
 * before. As rrweb does it.
 */
export class AddedNodes {
  readonly adds: Added[] = [];
  readonly ids = new Set<number>();
  private node: Node | null = null;
  private parent: Node | null = null;
  private parentId = -1;
  private next: Node | null = null;
  private isGone = false;
  private readonly missing = new Set<Node | null>();

  constructor(
    private readonly moves: Moves,
    private readonly owner: Owner,
  ) {}

  /** Records all, and forgets them. */
  record(): void {
    const { added, dropped } = this.moves;
    const all = added.values();
    let first = all.next();
    while (added.size > 0) {
      const before = this.node && previousSibling(this.node);
      if (before && added.has(before)) {
        this.next = this.node;
        this.node = before;
      } else {
        if (!added.has(first.value!)) {
          first = all.next();
        }
        this.begin(first.value!);
      }
      const node = this.node!;
      added.delete(node);
      if (!this.parent || this.parentId === -1) {
        this.missing.add(node);
      } else if (this.isGone) {
        dropped.add(node);
      } else {
        this.write(node, this.parent);
      }
    }
  }

  /** Goes to the outermost node that was added around one, and there to the last of its siblings that were added. */
  private begin(node: Node): void {
    const { added, moved, dropped, removed } = this.moves;
    let parent = parentNode(node);
    for (; parent && added.has(parent); parent = parentNode(node)) {
      node = parent;
    }
    this.node = node;
    this.parent = this.missing.has(parent) ? null : parent;
    if (!parent || !this.parent) {
      return;
    }
    this.isGone = !inDom(parent) || ((isIn(dropped, parent) || removed.has(parent)) && !isIn(moved, node));
    const last = lastChild(parent);
    this.next = null;
    if (last && added.has(last)) {
      this.node = last;
    } else {
      for (this.next = nextSibling(node); this.next && added.has(this.next); this.next = nextSibling(this.node)) {
        this.node = this.next;
      }
    }
    this.parentId = this.owner.mirror.getId(parent.nodeType === 11 ? host(parent) : parent);
  }

  private write(node: Node, parent: Node): void {
    const { mirror } = this.owner;
    const isText = node.nodeType === 3;
    if (isText && isNamed(parent, 'textarea')) {
      return;
    }
    let nextId = this.next ? mirror.getId(this.next) : null;
    while (nextId === IGNORED) {
      this.next = nextSibling(this.next!);
      nextId = this.next && mirror.getId(this.next);
    }
    if (nextId === -1) {
      warn("Couldn't record new node. Couldn't find mirror id for nextSibling:", this.next);
      this.node = null;
      return;
    }
    const written = serializeAdded(node, this.owner, isText && isNamed(parent, 'style') && this.ids.has(this.parentId));
    if (written) {
      this.ids.add(written.id);
      // The text of a script, which itself is left out, and all in what is left out as a whole.
      if (this.parentId > 0 && !admission().about(parent).isBlocked) {
        this.adds.push({ parentId: this.parentId, nextId, node: written });
      }
    }
  }
}

function isIn(nodes: ReadonlySet<Node>, node: Node): boolean {
  for (let at: Node | null = nodes.size > 0 ? node : null; at; at = parentNode(at)) {
    if (nodes.has(at)) {
      return true;
    }
  }
  return false;
}
