/** What of an element's own declarations has changed, by property. */
export interface StyleChange {
  changed: Record<string, string | false | [value: string, priority: string]>;
  same: Record<string, [value: string, priority: string]>;
}

let before: CSSStyleDeclaration | undefined;

/** Notes what has changed of an element's declarations since they were as the text says. */
export function noteStyles({ style }: HTMLElement, old: string | null, { changed, same }: StyleChange): void {
  // In a document of its own: a page's policy does not hold there, and nothing is loaded. By the style, as a policy forbids the attribute.
  before ??= document.implementation.createHTMLDocument().createElement('span').style;
  before.cssText = old ?? '';
  for (let at = 0; at < style.length; at++) {
    const name = style[at]!;
    const value = style.getPropertyValue(name);
    const priority = style.getPropertyPriority(name);
    if (value === before.getPropertyValue(name) && priority === before.getPropertyPriority(name)) {
      same[name] = [value, priority];
    } else {
      changed[name] = priority === '' ? value : [value, priority];
    }
  }
  for (let at = 0; at < before.length; at++) {
    const name = before[at]!;
    if (style.getPropertyValue(name) === '') {
      changed[name] = false;
    }
  }
}

/** Says whether the change is shorter than the whole and says all of it: a browser does not give the parts of a variable. */
export function isEnough({ changed, same }: StyleChange, whole: string): boolean {
  const text = JSON.stringify(changed);
  const count = (css: string): number => css.split('var(').length;
  return text.length < whole.length && (!/var\(|\\/i.test(whole) || count(text + JSON.stringify(same)) === count(whole));
}
