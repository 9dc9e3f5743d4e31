import type { Stop } from '../capture/capture.ts';
import { watchCalls, type Watch, type Watcher } from '../capture/wrap.ts';
import { report } from './errors.ts';
import { indexInSheet, nameOf, placeOf, type Grouping, type StyleOptions } from './sheets.ts';

/** A change of a stylesheet in rrweb's form. */
interface RuleChange {
  id?: number;
  styleId?: number;
  adds?: { rule: string; index: number | number[] }[];
  removes?: { index: number | number[] }[];
  replace?: string;
  replaceSync?: string;
}

type Holder = CSSStyleSheet | Grouping;
type Frame = Window & typeof globalThis;
const GROUPS = ['CSSGroupingRule', 'CSSMediaRule', 'CSSConditionRule', 'CSSSupportsRule', 'CSSStyleRule'] as const;

type RuleOptions = StyleOptions & { styleSheetRuleCb: (change: RuleChange, owner: Node | null) => void };

/** Records rules that are put into stylesheets and taken out of them, as the browser has understood them: in place of rrweb's. */
export function initStyleSheetObserver(options: RuleOptions, { win }: { win: Frame }): Stop {
  const sheet = win.CSSStyleSheet?.prototype;
  if (!sheet) {
    return () => undefined;
  }
  const changes = new RuleChanges(options);
  const onDelete: Watcher = (self, [index]) => changes.ofDelete(self, index);
  const onInsert: Watcher = (self, [rule]) => changes.ofInsert(self as Holder, rule);
  const groups = GROUPS.flatMap((name) => win[name]?.prototype ?? []);
  const stops = [
    ...[sheet, ...groups].flatMap((owner) => [
      watchCalls(owner, 'insertRule', onInsert, report),
      watchCalls(owner, 'deleteRule', onDelete, report),
    ]),
    watchCalls(sheet, 'addRule', (self) => changes.ofAdd(self), report),
    watchCalls(sheet, 'removeRule', (self, args) => changes.ofDelete(self, args.length === 0 ? 0 : args[0]), report),
    watchCalls(sheet, 'replace', (self, [text]) => changes.ofReplace(self as CSSStyleSheet, 'replace', text), report),
    watchCalls(sheet, 'replaceSync', (self, [text]) => changes.ofReplace(self as CSSStyleSheet, 'replaceSync', text), report),
  ];
  return () => stops.forEach((stop) => stop());
}

/** Records what a call that is about to be made changes. */
class RuleChanges {
  constructor(private readonly options: RuleOptions) {}

  ofInsert(holder: Holder, rule: unknown): Watch {
    return { done: (at) => this.inserted(holder, rule, at as number) };
  }

  ofAdd(self: unknown): Watch | undefined {
    const before = this.rulesOf(self);
    return before && { done: () => this.inserted(self as Holder, undefined, goneFrom(rules(self), { cssRules: before })) };
  }

  ofDelete(self: unknown, index: unknown): Watch | undefined {
    if (typeof index === 'number') {
      return { done: () => this.removed(self as Holder, toIndex(index)) };
    }
    // What is not a number is made one by the browser, which may run code of the page: the rule that is gone says which it was.
    const before = this.rulesOf(self);
    return before && { done: () => this.removed(self as Holder, goneFrom(before, self as Holder)) };
  }

  ofReplace(sheet: CSSStyleSheet, how: 'replace' | 'replaceSync', text: unknown): Watch {
    return {
      done: () => {
        // A sheet that was not constructed is not changed: the page gets a promise that is rejected.
        if (!sheet.ownerNode && !sheet.ownerRule) {
          this.emit(sheet, { [how]: typeof text === 'string' ? text : Array.from(sheet.cssRules, (rule) => rule.cssText).join('\n') });
        }
      },
    };
  }

  /** The rules of a sheet or group that is recorded. */
  private rulesOf(self: unknown): CSSRule[] | undefined {
    return nameOf(sheetOf(self as Holder), this.options) ? rules(self) : undefined;
  }

  private inserted(holder: Holder, rule: unknown, at: number): void {
    const text = typeof rule === 'string' ? rule : (holder.cssRules![at]?.cssText ?? '');
    this.emit(sheetOf(holder), { adds: [{ rule: text, index: indexIn(holder, at) }] });
  }

  private removed(holder: Holder, at: number): void {
    this.emit(sheetOf(holder), { removes: [{ index: indexIn(holder, at) }] });
  }

  private emit(sheet: CSSStyleSheet | null, change: RuleChange): void {
    const name = nameOf(sheet, this.options);
    if (name) {
      this.options.styleSheetRuleCb({ ...name, ...change }, sheet!.ownerNode as Node | null);
    }
  }
}

function rules(holder: unknown): CSSRule[] {
  return Array.from((holder as CSSStyleSheet).cssRules);
}

function sheetOf(holder: Holder): CSSStyleSheet | null {
  return 'parentStyleSheet' in holder && !('ownerNode' in holder) ? holder.parentStyleSheet : (holder as CSSStyleSheet);
}

function indexIn(holder: Holder, at: number): number | number[] {
  return 'ownerNode' in holder ? indexInSheet(holder, at) : [...placeOf(holder as CSSRule), at];
}

/** As the browser does: an unsigned integer of 32 bits. */
function toIndex(value: number): number {
  return value >>> 0;
}

/** The index of the rule that is in one list and not in the other. */
function goneFrom(before: CSSRule[], after: { cssRules?: Iterable<CSSRule> }): number {
  const left = new Set(after.cssRules);
  return before.findIndex((rule) => !left.has(rule));
}
