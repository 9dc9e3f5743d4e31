import { FULL_SNAPSHOT, INCREMENTAL, visitNodes } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import type { Node } from './node-shape.ts';
import type { TreeGuard } from './tree-guard.ts';

/** Elements that all references of a page together stand for. */
const MAX_COST = 50_000;
/** How far one leads to another: the call stack's bound, and far above what drawings need. */
const MAX_DEPTH = 500;
/** Attributes by which an element of SVG shows another: a drawing, a mask, a pattern, a marker at each of its corners. */
const REFERRING = [
  'href', 'xlink:href', 'mask', 'clip-path', 'filter', 'fill', 'stroke', 'marker', 'marker-start', 'marker-mid', 'marker-end', 'style',
];
/** Elements of HTML show drawings by their style alone: their links lead somewhere. */
const REFERRING_HTML = ['style'];
const TARGET = /^#(\S{1,200})|url\(["'\\]{0,4}#([^"'\\)]{1,200})/gi;
/** Elements and names that may be looked at between two snapshots: about a second. Pages with many icons need a hundredth. */
const MAX_STEPS = 20_000_000;
/** Elements of SVG that others are drawn with, and that hold drawings. */
const HOLDERS = new Set(['mask', 'pattern', 'marker', 'clippath']);
/** References that one element can make at once. */
const MAX_TARGETS = 16;

/** What is known of costs in one count: of elements, and of names, which many may bear. */
interface Pass {
  elements: Map<number, number>;
  names: Map<string, number>;
}

/**
 * Follows which elements of drawings stand for others (`<use>`, masks, patterns): ten that each show ten, ten levels deep, are a page that
 * no browser can draw. An event that would make them stand for too much loses its references.
 */
export class ReferenceGuard {
  /** A name may be there more than once: which of them counts is the browser's to say. */
  private readonly names = new Map<string, Set<number>>();
  private readonly targets = new Map<number, string[]>();
  private readonly drawings = new Set<number>();
  /** Elements of HTML in drawings: what is drawn again shows them too. */
  private readonly within = new Set<number>();
  /** Elements that others are drawn with, … */
  private readonly holders = new Set<number>();
  /** … and the names by which style rules draw with them: on which elements is the browser's to find. */
  private readonly ruled = new Set<string>();
  private steps = 0;

  constructor(private readonly tree: TreeGuard) {}

  /** Takes references out of an event when there are too many, in place. Gives whether all could stay. */
  admit(event: DomEvent): boolean {
    if (event.type === FULL_SNAPSHOT) {
      this.names.clear();
      this.targets.clear();
      [this.drawings, this.within, this.holders].forEach((known) => known.clear());
      this.steps = 0;
    }
    let isConcerned = false;
    let isGrown = false;
    visitNodes(event, (attributes, id, visited) => {
      const node = visited as Node | undefined;
      isGrown = (node !== undefined && this.isDrawn(id, node)) || isGrown;
      if (node?.isSVG && node.tagName !== 'a') {
        this.drawings.add(id);
        if (HOLDERS.has(String(node.tagName).toLowerCase())) {
          this.holders.add(id);
        }
      }
      isConcerned = this.note(attributes, id) || isConcerned;
    });
    isGrown = isGrown && event.type === INCREMENTAL && this.targets.size > 0;
    const isRuled = this.ruled.size > 0 && (isConcerned || isGrown || event.type === FULL_SNAPSHOT);
    if ((!isConcerned && !isGrown && !isRuled) || this.isBearable()) {
      return true;
    }
    visitNodes(event, (attributes, id) => this.strip(attributes, id));
    if (isGrown && !this.isBearable()) {
      event.data['adds'] = (event.data['adds'] as { node: Node }[]).filter(({ node }) => !node.isSVG);
    }
    return false;
  }

  /** Notes an element that came, and gives whether it is a part of a drawing. */
  private isDrawn(id: number, node: Node): boolean {
    const parent = this.tree.parentOf(id);
    const isWithin = parent !== undefined && (this.drawings.has(parent) || this.within.has(parent));
    if (isWithin && !node.isSVG) {
      this.within.add(id);
    }
    return isWithin || node.isSVG === true;
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
        if (product > MAX_COST || this.steps++ > MAX_STEPS) {
          return Infinity;
        }
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
    const pass = { elements: new Map<number, number>(), names: new Map<string, number>() };
    let sum = 0;
    for (const [id, names] of this.targets) {
      if (!this.tree.has(id)) {
        this.targets.delete(id);
        continue;
      }
      for (const name of names) {
        sum += this.costOfName(name, pass, 0);
      }
      if (sum > MAX_COST || this.steps++ > MAX_STEPS) {
        return Infinity;
      }
    }
    return sum;
  }

  private costOfName(name: string, pass: Pass, depth: number): number {
    let max = pass.names.get(name);
    if (max === undefined) {
      pass.names.set(name, 0);
      max = 0;
      for (const id of this.names.get(name) ?? []) {
        max = Math.max(max, this.costOf(id, pass, depth));
      }
      pass.names.set(name, max);
    }
    return max;
  }

  /** The elements that one stands for: those in it, and those that they show. A circle is broken by the browser. */
  private costOf(id: number, pass: Pass, depth: number): number {
    if (!this.tree.has(id)) {
      return 0;
    }
    if (depth > MAX_DEPTH || this.steps++ > MAX_STEPS) {
      return Infinity;
    }
    let sum = pass.elements.get(id);
    if (sum === undefined) {
      pass.elements.set(id, 0);
      sum = 1;
      for (const child of this.tree.childrenOf(id)) {
        sum += this.costOf(child, pass, depth + 1);
        if (sum > MAX_COST) {
          break;
        }
      }
      for (const name of sum > MAX_COST ? [] : this.targets.get(id) ?? []) {
        sum += this.costOfName(name, pass, depth + 1);
      }
      pass.elements.set(id, sum);
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
