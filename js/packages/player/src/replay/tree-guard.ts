import { DOCUMENT_NODE, FULL_SNAPSHOT, INCREMENTAL, MUTATION } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import type { Node } from './node-shape.ts';

/** As deep as the HTML parser lets elements nest. A browser's tab ends at some thousands. */
const MAX_DEPTH = 512;
/** More than any page that people look at; each takes about a kilobyte. */
const MAX_NODES = 500_000;
/** Each is a page of its own. */
const MAX_FRAMES = 100;

interface Changes {
  adds: { parentId: number; node: Node }[];
  removes: { id: number; parentId: number; isShadow?: boolean }[];
}

/**
 * Follows how the page grows, event by event, and keeps it below what a browser bears: a recording may nest and add without end, and a tab
 * that ends takes the player with it.
 */
export class TreeGuard {
  /** Something was left out since the last snapshot. */
  isLimited = false;
  private readonly parents = new Map<number, number>();
  private readonly children = new Map<number, Set<number>>();
  private readonly frames = new Set<number>();
  private readonly documents = new Set<number>();
  private readonly shadow = new Set<number>();

  constructor(
    private readonly maxDepth = MAX_DEPTH,
    private readonly maxNodes = MAX_NODES,
    private readonly maxFrames = MAX_FRAMES,
  ) {}

  has(id: number): boolean {
    return this.parents.has(id);
  }

  parentOf(id: number): number | undefined {
    return this.parents.get(id);
  }

  childrenOf(id: number): Iterable<number> {
    return this.children.get(id) ?? [];
  }

  /** Takes out of an event what is too much, in place. */
  admit(event: DomEvent): void {
    if (event.type === FULL_SNAPSHOT) {
      this.isLimited = false;
      [this.parents, this.children, this.frames, this.documents, this.shadow].forEach((known) => known.clear());
      this.admitTree(event.data['node'] as Node, 0);
    } else if (event.type === INCREMENTAL && event.data['source'] === MUTATION) {
      this.admitChanges(event.data as unknown as Changes);
    }
  }

  private admitChanges(data: Changes): void {
    // What is added although it is there would bring along what is in it.
    const gone = new Set([...data.removes.map(({ id }) => id), ...data.adds.map(({ node }) => node.id)]);
    // Named as it is here: what the replayer would not find it would leave in the page.
    data.removes = [...gone].flatMap((id) => {
      const parentId = this.parents.get(id);
      const isShadow = this.shadow.has(id) ? true : undefined;
      return parentId === undefined || this.documents.has(id) ? [] : [{ id, parentId, isShadow }];
    });
    gone.forEach((id) => this.forget(id));
    // A parent may come after its children.
    data.adds.forEach(({ parentId, node }) => this.link(node, parentId));
    data.adds = data.adds.filter(({ parentId, node }) => {
      if (node.type === DOCUMENT_NODE) {
        return this.frames.has(parentId) && this.admitTree(node, parentId);
      }
      const isBearable = !this.frames.has(parentId) && this.depth(node.id) <= this.maxDepth && this.parents.size <= this.maxNodes;
      if (isBearable) {
        node.childNodes = [];
        this.limitFrames(node);
      } else {
        this.forget(node.id);
        this.isLimited = true;
      }
      return isBearable;
    });
  }

  private admitTree(root: Node, parentId: number): boolean {
    if (this.parents.size > this.maxNodes) {
      this.isLimited = true;
      return false;
    }
    this.link(root, parentId);
    const open: [node: Node, depth: number][] = [[root, 0]];
    while (open.length > 0) {
      const [node, level] = open.pop()!;
      this.limitFrames(node);
      node.childNodes = level < this.maxDepth ? (node.childNodes ?? []).filter((child) => {
        const isBearable = this.parents.size <= this.maxNodes && !this.parents.has(child.id);
        if (isBearable) {
          this.link(child, node.id);
          open.push([child, level + 1]);
        }
        this.isLimited ||= !isBearable;
        return isBearable;
      }) : this.cut(node);
    }
    return true;
  }

  private link(node: Node, parentId: number): void {
    this.parents.set(node.id, parentId);
    const siblings = this.children.get(parentId);
    if (siblings) {
      siblings.add(node.id);
    } else {
      this.children.set(parentId, new Set([node.id]));
    }
    if (node.type === DOCUMENT_NODE) {
      this.documents.add(node.id);
    }
    if (node.isShadow) {
      this.shadow.add(node.id);
    }
  }

  private cut(node: Node): Node[] {
    this.isLimited ||= (node.childNodes ?? []).length > 0;
    return [];
  }

  private limitFrames(node: Node): void {
    if (node.tagName?.toLowerCase() === 'iframe') {
      if (this.frames.size < this.maxFrames) {
        this.frames.add(node.id);
      } else {
        node.tagName = 'div';
        this.isLimited = true;
      }
    }
  }

  /** How deep a node lies in its document; beyond the bound where it is in none, or goes round in a circle. */
  private depth(id: number): number {
    let depth = 0;
    for (let at: number | undefined = id; at !== undefined; at = this.parents.get(at)) {
      if (this.documents.has(at) || depth > this.maxDepth) {
        return depth;
      }
      depth++;
    }
    return Infinity;
  }

  private forget(id: number): void {
    const parentId = this.parents.get(id);
    if (parentId !== undefined) {
      this.children.get(parentId)?.delete(id);
    }
    const open = [id];
    while (open.length > 0) {
      const gone = open.pop()!;
      this.children.get(gone)?.forEach((child) => open.push(child));
      this.children.delete(gone);
      this.parents.delete(gone);
      this.frames.delete(gone);
      this.documents.delete(gone);
      this.shadow.delete(gone);
    }
  }
}
