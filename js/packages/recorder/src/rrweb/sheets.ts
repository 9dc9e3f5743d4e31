/** What rrweb's observers of styles share. */
export interface StyleOptions {
  mirror: { getId: (node: Node | null) => number };
  stylesheetManager: {
    styleMirror: { getId: (sheet: CSSStyleSheet) => number };
    adoptStyleSheets: (sheets: CSSStyleSheet[], user: Node) => void;
  };
}

/** A rule that may hold others. */
export type Grouping = CSSRule & { cssRules?: CSSRuleList };

/** Names a stylesheet by its element or by its own number; nothing when it is not recorded. */
export function nameOf(
  sheet: CSSStyleSheet | null | undefined,
  { mirror, stylesheetManager }: StyleOptions,
): { id?: number; styleId?: number } | undefined {
  if (!sheet) {
    return undefined;
  }
  const name = sheet.ownerNode ? { id: mirror.getId(sheet.ownerNode as Node) } : { styleId: stylesheetManager.styleMirror.getId(sheet) };
  return (name.id ?? name.styleId ?? -1) > 0 ? name : undefined;
}

/** Gives the place of a rule: its index in the sheet, and from there in each rule that it is in. */
export function placeOf(rule: CSSRule): number[] {
  const place: number[] = [];
  for (let at: CSSRule | null = rule; at; at = at.parentRule) {
    const { cssRules } = (at.parentRule ?? at.parentStyleSheet) as Grouping & CSSStyleSheet;
    place.unshift(Array.from(cssRules).indexOf(at));
  }
  return rule.parentStyleSheet ? [indexInSheet(rule.parentStyleSheet, place[0]!), ...place.slice(1)] : place;
}

/**
 * The index of a rule in a sheet as it is recorded: with the rules of an imported sheet in the place of its import, and none where it may
 * not be read.
 */
export function indexInSheet({ cssRules }: CSSStyleSheet, index: number): number {
  let shifted = index;
  // Imports stand before all else but statements of layers.
  for (let at = 0; at < index && cssRules[at] && !('cssRules' in cssRules[at]!); at++) {
    const imported = (cssRules[at] as CSSImportRule).styleSheet;
    if (imported !== undefined) {
      shifted += countRules(imported) - 1;
    }
  }
  return shifted;
}

function countRules(sheet: CSSStyleSheet | null): number {
  try {
    return sheet
      ? Array.from(sheet.cssRules).reduce(
          (sum, rule) => sum + ('styleSheet' in rule ? countRules(rule.styleSheet as CSSStyleSheet | null) : 1),
          0,
        )
      : 0;
  } catch {
    return 0; // Of another origin.
  }
}
