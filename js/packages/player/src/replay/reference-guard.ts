import { visitNodes } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-loader.ts';
import type { Node } from './node-shape.ts';
import type { TreeGuard } from './tree-guard.ts';

/** Elements that all references of a page together stand for. */
const MAX_COST = 50_000;
/** How far one leads to another: the call stack's bound, and far above what drawings need. */
const MAX_DEPTH = 500;
/** Attributes by which an element of SVG shows another: a drawing, a mask, a pattern, a marker at each of its corners. */
const REFERRING = ['href', 'xlink:href', 'mask', 'clip-path', 'filter', 'fill', 'stroke', 'marker', 'marker-start', 'marker-mid', 'marker-end', 'style'];
/** Elements of HTML show drawings by their style alone: their links lead somewhere. */
const REFERRING_HTML = ['style'];
const TARGET = /^#(\S{1,200})|url\(["'\\]{0,4}#([^"'\\)]{1,200})/gi;
/** Elements of SVG that others are drawn with, and that hold drawings. */
const HOLDERS = new Set(['mask', 'pattern', 'marker', 'clippath']);
/** References that one element can make at once. */
const MAX_TARGETS = 16;

/**
 * Follows which elements of drawings stand for others (`<use>`, masks, patterns): ten that each show ten, ten levels deep, are a page that no browser
 * can draw. An event that would make them stand for too much loses its references.
 */
export class ReferenceGuard {
  /** A name may be there more than once: which of them counts is the browser's to say. */
  private readonly names = new Map<string, Set<number>>();
  private readonly targets = new Map<number, string[]>();
  private readonly drawings = new Set<number>();
  /** Elements that others are drawn with, … */
  private readonly holders = new Set<number>();
  /** … and the names by which style rules draw with them: on which elements is the browser's to find. */
  private readonly ruled = new Set<string>();

  constructor(private readonly tree: TreeGuard) {}

  /** Takes references out of an event when there are too many, in place. Gives whether all could stay. */
  admit(event: DomEvent): boolean {
    if (event.type === 2) {
      this.names.clear();
      this.targets.clear();
      [this.drawings, this.holders].forEach((known) => known.clear());
    }
    let isConcerned = false;
    visitNodes(event, (attributes, id, node) => {
      if ((node as Node | undefined)?.isSVG && node!.tagName !== 'a') {
        this.drawings.add(id);
        if (HOLDERS.has(String(node!.tagName).toLowerCase())) {
          this.holders.add(id);
        }
      }
      isConcerned = this.note(attributes, id) || isConcerned;
    });
    const isGrown = event.type === 3 && event.data['source'] === 0 && (event.data['adds'] as unknown[]).length > 0 && this.targets.size > 0;
    const isRuled = this.ruled.size > 0 && (isConcerned || isGrown || event.type === 2);
    if ((!isConcerned && !isGrown && !isRuled) || this.isBearable()) {
      return true;
    }
    visitNodes(event, (attributes, id) => this.strip(attributes, id));
    if (isGrown && !this.isBearable()) {
      event.data['adds'] = (event.data['adds'] as { node: Node }[]).filter(({ node }) => !node.isSVG);
    }
    return false;
  }

  /** Starts over with a page: its style rules come before its elements are counted. */
  clearRules(): void {
    this.ruled.clear();
  }

  /** Gives whether style rules may refer to what they name; those that were admitted stay. */
  admitRules(css: string): boolean {
    const added = [...new Set(namesInRules(css))].filter((name) => !this.ruled.has(name));
    added.forEach((name) => this.ruled.add(name));
    const isBearable = this.isBearable();
    if (!isBearable) {
      added.forEach((name) => this.ruled.delete(name));
    }
    return isBearable;
  }

  private isBearable(): boolean {
    return this.cost() <= MAX_COST && this.ruledCost() <= MAX_COST;
  }

  /** What rules draw with may hold what rules draw with others: at the worst, each within each. */
  private ruledCost(): number {
    let product = 1;
    for (const name of this.ruled) {
      for (const id of this.names.get(name) ?? []) {
        product *= this.holders.has(id) ? Math.max(1, [...this.tree.childrenOf(id)].length) : 1;
      }
    }
    return product;
  }

  private note(attributes: Record<string, unknown>, id: number): boolean {
    const found = this.referring(id).flatMap((name) => targetsOf(attributes[name]));
    if (typeof attributes['id'] === 'string') {
      this.names.set(attributes['id'], (this.names.get(attributes['id']) ?? new Set()).add(id));
    }
    if (found.length > 0) {
      // What a change leaves out may still hold.
      this.targets.set(id, [...new Set([...this.targets.get(id) ?? [], ...found])].slice(-MAX_TARGETS));
    }
    return found.length > 0 || (attributes['id'] !== undefined && (this.targets.size > 0 || this.ruled.size > 0));
  }

  private referring(id: number): string[] {
    return this.drawings.has(id) ? REFERRING : REFERRING_HTML;
  }

  private strip(attributes: Record<string, unknown>, id: number): void {
    for (const name of this.referring(id)) {
      if (targetsOf(attributes[name]).length > 0) {
        delete attributes[name];
      }
    }
    this.targets.delete(id);
    if (this.holders.delete(id)) {
      delete attributes['id'];
    }
  }

  private cost(): number {
    const known = new Map<number, number>();
    let sum = 0;
    for (const [id, names] of this.targets) {
      if (!this.tree.has(id)) {
        this.targets.delete(id);
        continue;
      }
      for (const name of names) {
        sum += this.costOfName(name, known, 0);
      }
      if (sum > MAX_COST) {
        return sum;
      }
    }
    return sum;
  }

  private costOfName(name: string, known: Map<number, number>, depth: number): number {
    let max = 0;
    for (const id of this.names.get(name) ?? []) {
      max = Math.max(max, this.costOf(id, known, depth));
    }
    return max;
  }

  /** The elements that one stands for: those in it, and those that they show. A circle is broken by the browser. */
  private costOf(id: number, known: Map<number, number>, depth: number): number {
    if (!this.tree.has(id)) {
      return 0;
    }
    if (depth > MAX_DEPTH) {
      return Infinity;
    }
    let sum = known.get(id);
    if (sum === undefined) {
      known.set(id, 0);
      sum = 1;
      for (const child of this.tree.childrenOf(id)) {
        sum += this.costOf(child, known, depth + 1);
        if (sum > MAX_COST) {
          break;
        }
      }
      for (const name of sum > MAX_COST ? [] : this.targets.get(id) ?? []) {
        sum += this.costOfName(name, known, depth + 1);
      }
      known.set(id, sum);
    }
    return sum;
  }
}

/** The names that a value refers to; a style may be a text or an object of properties. */
function targetsOf(value: unknown): string[] {
  const text = typeof value === 'string' ? value : typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
  return text.includes('#') ? [...text.slice(0, 4000).matchAll(TARGET)].map((match) => (match[1] ?? match[2])!).slice(0, MAX_TARGETS) : [];
}

/** The names that style rules refer to. */
function namesInRules(css: string): string[] {
  return [...css.matchAll(/url\(["'\\ ]{0,4}#([^"'\\)]{1,200})/gi)].map((match) => match[1]!.trim());
}
