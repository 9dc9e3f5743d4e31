import { FULL_SNAPSHOT, INCREMENTAL, MUTATION, STYLE_SOURCES, visitNodes } from '@session-replay/format';
import type { DomEvent } from '../data/chunk-events.ts';
import { costOfCss } from './css-cost.ts';
import type { Node } from './node-shape.ts';
import { ReferenceGuard } from './reference-guard.ts';
import type { TreeGuard } from './tree-guard.ts';

/** More rules than any site has; each is tried on every element. */
const MAX_RULES = 60_000;
const MAX_HAS = 300;
/** Nested rules may stand for twice as many at each depth. */
const MAX_DEPTH = 12;
const MAX_BRACKETS = 64;
/** The replayer reads a style attribute once for each of its declarations and comments. */
const MAX_STYLE_WORK = 50_000_000;
/** Elements of filters: each is a picture of its own. */
const MAX_FILTERS = 300;
/** What filters are drawn with, and the largest that shows: more takes longer and looks no different. */
const FILTER_LIMITS: ReadonlyMap<string, number> = new Map([
  ['stddeviation', 100], ['radius', 50], ['numoctaves', 5], ['order', 9], ['scale', 1000],
]);

/** Changes of stylesheets: rules and properties, and sheets that are adopted. */

/**
 * Keeps what a page asks of the browser within what a browser bears: rules, selectors, drawings that stand for many, filters. What is above
 * is left out, and `limited` names it. Everything that is counted is counted from the page's last snapshot on.
 */
export class PageBudget {
  /** What was left out. */
  readonly limited = new Set<string>();
  private rules = 0;
  private has = 0;
  private filters = 0;
  private readonly references: ReferenceGuard;

  constructor(tree: TreeGuard) {
    this.references = new ReferenceGuard(tree);
  }

  /** Takes out of an event what is too much, in place; the tree has admitted it already. */
  admit(event: DomEvent): void {
    if (event.type === FULL_SNAPSHOT) {
      [this.rules, this.has, this.filters] = [0, 0, 0];
      this.limited.clear();
      this.references.clearRules();
    }
    visitNodes(event, (attributes, _, node) => this.admitNode(attributes, node as Node | undefined));
    if (event.type === INCREMENTAL && event.data['source'] === MUTATION) {
      for (const text of event.data['texts'] as { value: string }[]) {
        text.value = text.value.includes('{') ? this.css(text.value) : text.value;
      }
    } else if (event.type === INCREMENTAL && STYLE_SOURCES.has(event.data['source'])) {
      this.admitTexts(event.data);
    }
    if (!this.references.admit(event)) {
      this.limited.add('drawings');
    }
  }

  private admitNode(attributes: Record<string, unknown>, node: Node | undefined): void {
    if (typeof attributes['_cssText'] === 'string') {
      attributes['_cssText'] = this.css(attributes['_cssText']);
    }
    const { style } = attributes;
    if (typeof style === 'string' && style.length * (style.split(';').length + style.split('/*').length) > MAX_STYLE_WORK) {
      attributes['style'] = '';
      this.limited.add('styles');
    }
    if (node?.tagName?.toLowerCase() === 'style') {
      for (const child of node.childNodes ?? []) {
        child.textContent &&= this.css(child.textContent);
      }
    }
    this.admitFilter(attributes, node);
  }

  private admitFilter(attributes: Record<string, unknown>, node: Node | undefined): void {
    const tag = node?.tagName?.toLowerCase() ?? '';
    const isPrimitive = node?.isSVG === true && tag.startsWith('fe');
    if (isPrimitive && ++this.filters > MAX_FILTERS) {
      node!.tagName = 'g';
      this.limited.add('filters');
    }
    for (const name of Object.keys(attributes)) {
      const limit = FILTER_LIMITS.get(name.toLowerCase());
      const numbers =
        limit !== undefined && (!node || isPrimitive)
          ? String(attributes[name])
              .slice(0, 100)
              .split(/[\s,]+/)
              .map(Number)
          : [];
      if (numbers.some((n) => Math.abs(n) > limit!)) {
        attributes[name] = numbers.map((n) => Math.max(-limit!, Math.min(limit!, n || 0))).join(' ');
        this.limited.add('filters');
      } else if (
        tag === 'filter'
        && ['x', 'y', 'width', 'height'].includes(name)
        && Math.abs(Number.parseFloat(String(attributes[name]))) > 5000
      ) {
        delete attributes[name];
        this.limited.add('filters');
      }
    }
  }

  /** Every text of a change of stylesheets is CSS. */
  private admitTexts(data: Record<string, unknown>): void {
    const open: [Record<string, unknown>, string][] = Object.keys(data).map((key) => [data, key]);
    while (open.length > 0) {
      const [owner, key] = open.pop()!;
      const value = owner[key];
      if (typeof value === 'string') {
        owner[key] = this.css(value);
      } else if (typeof value === 'object' && value !== null) {
        for (const inner of Object.keys(value)) {
          open.push([value as Record<string, unknown>, inner]);
        }
      }
    }
  }

  private css(text: string): string {
    const { rules, has, depth, brackets } = costOfCss(text);
    if (this.rules + rules > MAX_RULES || depth > MAX_DEPTH || brackets > MAX_BRACKETS) {
      this.limited.add('styles');
      return '';
    }
    this.rules += rules;
    let css = text;
    if (/url\(["'\\ ]{0,4}#/i.test(css) && !this.references.admitRules(css)) {
      this.limited.add('drawings');
      css = css.replaceAll(/(url\(["'\\ ]{0,4})#/gi, '$1#sr-left-out-');
    }
    if (this.has + has > MAX_HAS) {
      this.limited.add('styles');
      // Of an unknown name: its rules count for nothing.
      return css.replaceAll(/:has\(/gi, ':-sr-left-out(');
    }
    this.has += has;
    return css;
  }
}
