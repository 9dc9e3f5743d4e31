import type { Stop } from '../capture/capture.ts';
import { watchCalls, watchGets, watchSets, type Watcher } from '../capture/wrap.ts';
import { report } from './errors.ts';
import { nameOf, placeOf, type Grouping, type StyleOptions } from './sheets.ts';

type Win = Window & typeof globalThis;
interface RuleOptions extends StyleOptions {
  styleSheetRuleCb: (change: {
    id?: number;
    styleId?: number;
    adds: { rule: string; index: number | number[] }[];
    removes: { index: number | number[] }[];
  }, owner: Node | null) => void;
}

/** How often rules are looked at whose declarations the page has asked for and may hold: a browser does not say when one is assigned. */
const LOOK_MS = 250;
/** Rules that are looked at; of more, those that were asked for last. */
const MAX_RULES = 200;
/** A rule that was not asked for again is let go of after so many looks. */
const MAX_LOOKS = 2400;

/** Rules through which a page reads or writes what they hold, and by which property. */
const GETS: [name: string, property: string][] = [
  ['CSSStyleRule', 'style'],
  ['CSSStyleRule', 'styleMap'],
  ['CSSKeyframeRule', 'style'],
  ['CSSFontFaceRule', 'style'],
  ['CSSPageRule', 'style'],
  ['CSSNestedDeclarations', 'style'],
  ['CSSMediaRule', 'media'],
];
const SETS: [name: string, property: string][] = [
  ['CSSStyleRule', 'style'], ['CSSStyleRule', 'selectorText'], ['CSSKeyframeRule', 'keyText'], ['CSSKeyframesRule', 'name'],
  ['CSSMediaRule', 'media'],
];
const CALLS: [name: string, method: string][] = [
  ['CSSKeyframesRule', 'appendRule'],
  ['CSSKeyframesRule', 'deleteRule'],
];

/**
 * A rule as it was last recorded. Held strongly until the change that is expected has been looked for, then as long as the page holds it.
 */
interface Touched {
  text: string;
  looks: number;
}

const touched = new WeakMap<CSSRule, Touched>();

/** Notes that a change of a rule was recorded in another way. */
export function noteRecorded(rule: CSSRule): void {
  const known = touched.get(unitOf(rule));
  if (known) {
    known.text = unitOf(rule).cssText;
  }
}

/**
 * Records what changes in rules other than by `insertRule`, `deleteRule` and `setProperty`: assigned properties, selectors, media,
 * keyframes.
 */
export function watchRules(options: RuleOptions, win: Win): Stop {
  const rules = new TouchedRules(options);
  const watcher: Watcher = (self) => rules.touch(self as CSSRule);
  const owner = (name: string): object => (win as unknown as Record<string, { prototype: object } | undefined>)[name]?.prototype ?? {};
  const stops = [
    ...GETS.map(([name, property]) => watchGets(owner(name), property, watcher, report)),
    ...SETS.map(([name, property]) => watchSets(owner(name), property, watcher, report)),
    ...CALLS.map(([name, method]) => watchCalls(owner(name), method, watcher, report)),
  ];
  return () => {
    rules.stop();
    stops.forEach((stop) => stop());
  };
}

/** Looks from time to time at the rules that the page may be changing, and records those that have changed. */
class TouchedRules {
  private fresh = new Set<CSSRule>();
  private refs = new Set<WeakRef<CSSRule>>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: RuleOptions) {}

  /** The page reads or writes a rule. */
  touch(rule: CSSRule): void {
    const unit = unitOf(rule);
    if (!nameOf(unit.parentStyleSheet, this.options)) {
      return;
    }
    const known = touched.get(unit);
    if (known) {
      known.looks = 0;
    } else {
      touched.set(unit, { text: unit.cssText, looks: 0 });
    }
    if (this.fresh.size === 0) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.lookAtAll(), 0);
    }
    this.fresh.add(unit);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private lookAtAll(): void {
    this.timer = undefined;
    try {
      const rules = new Set([...this.refs].flatMap((ref) => ref.deref() ?? []).concat([...this.fresh]));
      this.fresh = new Set();
      this.refs = new Set([...rules].slice(-MAX_RULES).filter((rule) => this.look(rule)).map((rule) => new WeakRef(rule)));
    } catch (error) {
      report(error);
    }
    if (this.refs.size > 0) {
      this.timer = setTimeout(() => this.lookAtAll(), LOOK_MS);
    }
  }

  /** Gives whether the rule is to be looked at again. */
  private look(rule: CSSRule): boolean {
    const known = touched.get(rule);
    const name = nameOf(rule.parentStyleSheet, this.options);
    if (!known || !name || ++known.looks > MAX_LOOKS) {
      touched.delete(rule);
      return false;
    }
    const text = rule.cssText;
    if (text !== known.text) {
      known.text = text;
      const place = placeOf(rule);
      const at = place.at(-1)!;
      const index = (last: number): number | number[] => (place.length === 1 ? last : [...place.slice(0, -1), last]);
      // A replayer adds before it removes.
      const change = { ...name, adds: [{ rule: text, index: index(at + 1) }], removes: [{ index: index(at) }] };
      this.options.styleSheetRuleCb(change, rule.parentStyleSheet!.ownerNode as Node | null);
    }
    return true;
  }
}

/** The rule that can be put in place of one: its parent holds rules that can be inserted and deleted. */
function unitOf(rule: CSSRule): CSSRule {
  let unit = rule;
  while (unit.parentRule && (!('insertRule' in (unit.parentRule as Grouping)) || !unit.cssText.includes('{'))) {
    unit = unit.parentRule;
  }
  return unit;
}
