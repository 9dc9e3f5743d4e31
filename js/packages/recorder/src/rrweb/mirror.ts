/** What rrweb remembers of a node. */
interface Meta {
  id: number;
}

/** Gives the parts of a page that hang from an element without being its children. */
type PartsOf = (node: Node) => Node[];

/**
 * Numbers the nodes of a page, in place of rrweb's. It keeps no node alive: what has left the page is the page's alone, also where nobody
 * has noticed that it left.
 */
export class Mirror {
  private nodes = new Map<number, WeakRef<Node>>();
  private metas = new WeakMap<Node, Meta>();
  private sweepAt = 10_000;

  constructor(private readonly partsOf: PartsOf) {}

  getId(node: Node | null | undefined): number {
    return (node && this.metas.get(node)?.id) ?? -1;
  }

  getNode(id: number): Node | null {
    return this.nodes.get(id)?.deref() ?? null;
  }

  getIds(): number[] {
    return [...this.nodes.keys()];
  }

  getMeta(node: Node): Meta | null {
    return this.metas.get(node) ?? null;
  }

  /** Forgets a node and all that is in it, but not their numbers: a node that comes back has its own. */
  removeNodeFromMap(root: Node): void {
    this.each(root, (node) => this.nodes.delete(this.getId(node)));
  }

  /** Forgets a node and all that is in it, and their numbers. */
  renumber(root: Node): void {
    this.each(root, (node) => {
      this.nodes.delete(this.getId(node));
      this.metas.delete(node);
    });
  }

  private each(root: Node, use: (node: Node) => void): void {
    const open: Node[] = [root];
    for (let node = open.pop(); node; node = open.pop()) {
      use(node);
      for (let child = node.firstChild; child; child = child.nextSibling) {
        open.push(child);
      }
      // Only elements have parts.
      if (node.nodeType === 1) {
        open.push(...this.partsOf(node));
      }
    }
  }

  has(id: number): boolean {
    return this.nodes.has(id);
  }

  hasNode(node: Node): boolean {
    return this.metas.has(node);
  }

  add(node: Node, meta: Meta): void {
    if (meta.id >= 0 && this.nodes.get(meta.id)?.deref() !== node) {
      this.nodes.set(meta.id, new WeakRef(node));
    }
    this.metas.set(node, meta);
    if (this.nodes.size > this.sweepAt) {
      this.nodes.forEach((ref, id) => ref.deref() ?? this.nodes.delete(id));
      this.sweepAt = this.nodes.size * 2 + 10_000;
    }
  }

  reset(): void {
    this.nodes = new Map();
    this.metas = new WeakMap();
  }
}
