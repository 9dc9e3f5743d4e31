import type { Stop } from '../capture/capture.ts';
import { watchCalls, type Watcher } from '../capture/wrap.ts';
import { report } from './errors.ts';
import { noteRecorded, watchRules } from './rule-changes.ts';
import { watchSheets } from './sheet-states.ts';
import { nameOf, placeOf, type StyleOptions } from './sheets.ts';

/** A change of a rule's declarations in rrweb's form. */
interface DeclarationChange {
  id?: number;
  styleId?: number;
  index: number[];
  set?: { property: string; value: string | null; priority?: string };
  remove?: { property: string };
}

/** Records declarations of rules that are set and removed, after the browser has taken them: in place of rrweb's. */
export function initStyleDeclarationObserver(
  options: StyleOptions & { styleDeclarationCb: (change: DeclarationChange, owner: Node | null) => void } & Parameters<typeof watchRules>[0]
    & Parameters<typeof watchSheets>[0],
  { win }: { win: Window & typeof globalThis },
): Stop {
  const emit = (self: unknown, change: Pick<DeclarationChange, 'set' | 'remove'>): void => {
    const rule = (self as CSSStyleDeclaration).parentRule;
    const name = rule && nameOf(rule.parentStyleSheet, options);
    if (name) {
      options.styleDeclarationCb({ ...name, ...change, index: placeOf(rule) }, rule.parentStyleSheet!.ownerNode as Node | null);
      noteRecorded(rule);
    }
  };
  /** What was not given as a text is read from the rule: making it one may be code of the page. */
  const emitAll = (self: unknown): void => {
    const style = self as CSSStyleDeclaration;
    for (const property of Array.from(style)) {
      emit(style, { set: { property, value: style.getPropertyValue(property), priority: style.getPropertyPriority(property) } });
    }
  };
  const onSet: Watcher = (self, [property, value, priority]) => ({
    done: () => {
      if (typeof property !== 'string' || isObject(value) || isObject(priority)) {
        emitAll(self);
      } else {
        const set = { property, value: value === null ? null : String(value), priority: priority ? String(priority) : undefined };
        emit(self, { set });
      }
    },
  });
  const onRemove: Watcher = (self, [property]) =>
    (typeof property === 'string' ? { done: () => emit(self, { remove: { property } }) } : undefined);
  const { prototype } = win.CSSStyleDeclaration;
  const stops = [
    watchRules(options, win), watchSheets(options, win),
    watchCalls(prototype, 'setProperty', onSet, report), watchCalls(prototype, 'removeProperty', onRemove, report),
  ];
  return () => stops.forEach((stop) => stop());
}

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
