import type { Stop } from '../capture/capture.ts';
import { watchCalls, type Watch } from '../capture/wrap.ts';
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

/** Records rules that are put into stylesheets and taken out of them, as the browser has understood them: in place of rrweb's. */
export function initStyleSheetObserver(
  options: StyleOptions & { styleSheetRuleCb: (change: RuleChange) => void },
  { win }: { win: Frame },
): Stop {
  const emit = (sheet: CSSStyleSheet | null, change: RuleChange): void => {
    const name = nameOf(sheet, options);
    if (name) {
      options.styleSheetRuleCb({ ...name, ...change });
    }
  };
  const inserted = (holder: Holder, rule: unknown, at: number): void =>
    emit(sheetOf(holder), {
      adds: [{ rule: typeof rule === 'string' ? rule : (holder.cssRules![at]?.cssText ?? ''), index: indexIn(holder, at) }],
    });
  const removed = (holder: Holder, at: number): void => emit(sheetOf(holder), { removes: [{ index: indexIn(holder, at) }] });
  const isRecorded = (self: unknown): self is Holder => nameOf(sheetOf(self as Holder), options) !== undefined;

  const onInsert = (self: unknown, [rule]: readonly unknown[]): Watch => ({ done: (at) => inserted(self as Holder, rule, at as number) });
  const onDelete = (self: unknown, [index]: readonly unknown[]): Watch | undefined => {
    if (typeof index === 'number') {
      return { done: () => removed(self as Holder, toIndex(index)) };
    }
    // What is no number is made one by the browser, which may run code of the page: the rule that is gone says which it was.
    const before = isRecorded(self) ? Array.from(self.cssRules!) : undefined;
    return before && { done: () => removed(self as Holder, goneFrom(before, self as Holder)) };
  };
  const onReplace =
    (how: 'replace' | 'replaceSync') =>
    (self: unknown, [text]: readonly unknown[]): Watch => ({
      done: () => {
        const sheet = self as CSSStyleSheet;
        // A sheet that was not constructed is not changed: the page gets a promise that is rejected.
        if (!sheet.ownerNode && !sheet.ownerRule) {
          emit(sheet, { [how]: typeof text === 'string' ? text : Array.from(sheet.cssRules, (rule) => rule.cssText).join('\n') });
        }
      },
    });

  const sheet = win.CSSStyleSheet?.prototype;
  const groups = GROUPS.flatMap((name) => win[name]?.prototype ?? []);
  const stops = !sheet
    ? []
    : [
        ...[sheet, ...groups].flatMap((owner) => [
          watchCalls(owner, 'insertRule', onInsert, report),
          watchCalls(owner, 'deleteRule', onDelete, report),
        ]),
        watchCalls(
          sheet,
          'addRule',
          (self) => {
            const before = isRecorded(self) ? Array.from(self.cssRules!) : undefined;
            return (
              before && {
                done: () =>
                  inserted(self as Holder, undefined, goneFrom(Array.from((self as CSSStyleSheet).cssRules), { cssRules: before })),
              }
            );
          },
          report,
        ),
        watchCalls(sheet, 'removeRule', (self, args) => onDelete(self, args.length === 0 ? [0] : args), report),
        watchCalls(sheet, 'replace', onReplace('replace'), report),
        watchCalls(sheet, 'replaceSync', onReplace('replaceSync'), report),
      ];
  return () => stops.forEach((stop) => stop());
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
