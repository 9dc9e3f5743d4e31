import { describe, expect, test } from 'vitest';
import { hasBrowser } from './support/browser.ts';
import { html, useHarness } from './support/harness.ts';

interface Node {
  id: number;
  type: number;
  tagName?: string;
  textContent?: string;
  attributes?: Record<string, unknown>;
  childNodes?: Node[];
  isShadow?: boolean;
}
interface Change {
  removes: { id: number }[];
  adds: { parentId: number; nextId: number | null; node: Node }[];
  texts: { id: number; value: string }[];
  attributes: { id: number; attributes: Record<string, unknown> }[];
}

/** A page as its events make it. */
class Replayed {
  private readonly nodes = new Map<number, Node>();
  private readonly parents = new Map<number, Node>();

  constructor(readonly root: Node) {
    this.enter(root);
  }

  /** Does what a player does, which puts a node before one that must be there. */
  apply({ removes, adds, texts, attributes }: Change): void {
    removes.forEach(({ id }) => this.leave(id));
    for (const { parentId, nextId, node } of adds) {
      this.leave(node.id);
      const parent = this.nodes.get(parentId)!;
      const children = parent.childNodes!;
      const at = nextId === null ? children.length : children.findIndex(({ id }) => id === nextId);
      expect(at, `the sibling ${nextId} of ${node.id}`).toBeGreaterThanOrEqual(0);
      children.splice(at, 0, node);
      this.enter(node, parent);
    }
    texts.forEach(({ id, value }) => (this.nodes.get(id)!.textContent = value));
    for (const { id, attributes: changed } of attributes) {
      for (const [name, value] of Object.entries(changed)) {
        const own = this.nodes.get(id)!.attributes!;
        value === null ? delete own[name] : (own[name] = value);
      }
    }
  }

  private enter(node: Node, parent?: Node): void {
    this.nodes.set(node.id, node);
    if (parent) {
      this.parents.set(node.id, parent);
    }
    node.childNodes?.forEach((child) => this.enter(child, node));
  }

  private leave(id: number): void {
    const parent = this.parents.get(id);
    if (parent) {
      parent.childNodes = parent.childNodes!.filter((child) => child.id !== id);
    }
  }
}

/** Shadow trees before the others: a player keeps them apart. */
function outline({ tagName, textContent, attributes, childNodes = [] }: Node): string {
  const [shadow, light] = [childNodes.filter((child) => child.isShadow), childNodes.filter((child) => !child.isShadow)];
  const names = Object.entries(attributes ?? {}).filter(([name]) => !name.startsWith('data-sr')).sort(([a], [b]) => (a < b ? -1 : 1));
  return tagName || childNodes.length > 0
    ? `<${tagName} ${JSON.stringify(names)}>${shadow.map(outline).join('')}/${light.map(outline).join('')}</>`
    : (textContent ?? '');
}

/**
 * Changes a page at random: nodes are made, taken out and renamed, up to 12 at once. Moves come one at a time: of several at once rrweb's
 * way of recording loses some.
 */
const CHANGES = async ({ seed, most }: { seed: number; most: number }): Promise<void> => {
  let state = seed;
  const pick = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  const host = document.getElementById('host')!;
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const all = (): Element[] => [...document.querySelectorAll('#root, #root *'), ...shadow.querySelectorAll('*')];
  const make = (depth: number): Element => {
    const element = document.createElement(['p', 'b', 'ul'][pick(3)]!);
    element.append(`t${pick(100)}`);
    for (let n = depth > 0 ? pick(3) : 0; n > 0; n--) {
      element.append(make(depth - 1));
    }
    return element;
  };
  const moves = [
    (at: Element) => at.append(make(2)),
    (at: Element) => at.prepend(make(1), 'text'),
    () => shadow.append(make(pick(2)), 'x'),
    (at: Element) => at.id !== 'root' && !at.contains(host) && at.remove(),
    (at: Element) => at.setAttribute('class', `c${pick(9)}`),
    (at: Element) => at.firstChild?.nodeType === 3 && (at.firstChild.nodeValue = `v${pick(100)}`),
    (at: Element) => most === 1 && at.firstChild && at.append(at.firstChild),
    (at: Element) => most === 1 && at.nextElementSibling && at.nextElementSibling.after(at),
  ];
  for (let round = 0; round < 30; round++) {
    for (let n = 1 + pick(most); n > 0; n--) {
      const elements = all();
      moves[pick(moves.length)]!(elements[pick(elements.length)]!);
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
};

describe.runIf(hasBrowser())('what changes in a page', () => {
  const h = useHarness();
  /** The events of the window in which the page said something. */
  const eventsBefore = (said: string) => {
    const of = h.server.batches.find((b) => b.batch.events.some((e) => e.custom?.name === said))!.window;
    const dom = h.server.batches.filter((b) => b.window === of).flatMap((b) => b.dom);
    return dom as unknown as { type: number; data: { source?: number; node?: Node } & Change }[];
  };

  test.each([1, 12])('from its events comes the page that a snapshot of it has; up to %i changes at once', async (most) => {
    h.server.pages['/'] = html('<div id=root><p>first</p><div id=host></div></div>', 'data-performance=false');
    for (let seed = 0; seed < 15; seed++) {
      await check(seed, most);
    }
  });

  async function check(seed: number, most: number): Promise<void> {
    await h.open();
    await h.page.evaluate(CHANGES, { seed, most });
    await h.said(`changed ${seed}`);
    const changes = eventsBefore(`changed ${seed}`);
    const first = changes.findIndex(({ type }) => type === 2);
    const replayed = new Replayed(changes[first]!.data.node!);
    changes.slice(first).filter(({ type, data }) => type === 3 && data.source === 0).forEach(({ data }) => replayed.apply(data));
    await h.page.evaluate(async () => {
      window.SessionReplay!.current()!.stop();
      window.SessionReplay!.current()!.start();
      await window.SessionReplay!.current()!.ready;
    });
    await h.said(`begun ${seed}`);
    expect(outline(replayed.root), `seed ${seed}`).toBe(outline(eventsBefore(`begun ${seed}`).find(({ type }) => type === 2)!.data.node!));
  }
});
