import { firstChild, nextSibling, shadowRoot } from './dom.ts';

/**
 * Numbers the nodes of a page, in place of rrweb's. It knows nodes by themselves alone and finds none by its number: what has left the page
 * is the page's alone, also where nobody has noticed that it left.
 */
export class Mirror {
  private ids = new WeakMap<Node, number>();
  /** The numbers of what is in the recording now. */
  private shown = new Set<number>();

  /** @param leave Lets go of what a frame showed, and gives its document. */
  constructor(private readonly leave: (frame: Node) => Document | undefined) {}

  getId(node: Node | null | undefined): number {
    return (node && this.ids.get(node)) ?? -1;
  }

  /** Forgets a node and all that is in it, but not their numbers: a node that comes back has its own. */
  removeNodeFromMap(root: Node): void {
    this.each(root, (node) => this.shown.delete(this.getId(node)));
  }

  /** Forgets a node and all that is in it, and their numbers. */
  renumber(root: Node): void {
    this.each(root, (node) => {
      this.shown.delete(this.getId(node));
      this.ids.delete(node);
    });
  }

  /** About how many nodes are in the recording: those that left unnoticed are counted. */
  get size(): number {
    return this.shown.size;
  }

  has(id: number): boolean {
    return this.shown.has(id);
  }

  hasNode(node: Node): boolean {
    return this.ids.has(node);
  }

  add(node: Node, id: number): void {
    this.ids.set(node, id);
    if (id >= 0) {
      this.shown.add(id);
    }
  }

  reset(): void {
    this.ids = new WeakMap();
    this.shown = new Set();
  }

  private each(root: Node, use: (node: Node) => void): void {
    const open: Node[] = [root];
    for (let node = open.pop(); node; node = open.pop()) {
      use(node);
      for (let child = firstChild(node); child; child = nextSibling(child)) {
        open.push(child);
      }
      // Only elements have parts that are not their children.
      if (node.nodeType === 1) {
        [shadowRoot(node), this.leave(node)].forEach((part) => part && open.push(part));
      }
    }
  }
}
