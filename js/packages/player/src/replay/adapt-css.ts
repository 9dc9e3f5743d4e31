/** Attributes whose address a replay does not fetch: the element has them under this name. */
export function heldName(name: string): string {
  return `data-sr-${name.replace(/[^a-z]/g, '-')}`;
}

/** The address of a link that is held: it is a link still, and leads nowhere. */
export const NOWHERE = '#sr-held';

/** Attributes that are fetched at once. */
export const FETCHED: ReadonlySet<string> = new Set([
  'src', 'srcset', 'imagesrcset', 'poster', 'data', 'background', 'lowsrc', 'dynsrc', 'rr_dataurl',
]);

/** The attribute of a custom element that the page has not defined. */
export const UNDEFINED = 'data-sr-undefined';

const ADAPTED = /\[|:defined|:hover|-device-/i;
const TOKEN = /["'\\[{};@]|\/\*|:(?:defined|hover)(?![\w-])|-device-(?=width|height)/gi;
const COMPOUND_END = /[\s>+~,(){};]/;
/** How far back a pseudo-element is looked for. */
const MAX_NAME = 200;

/**
 * Makes selectors match attributes that a replay holds under another name: `[src$=".png"]` becomes
 * `:is([src$=".png"],[data-sr-src$=".png"])`, which weighs the same, and `:defined` becomes `:not([data-sr-undefined])`, which does too. A
 * link that is held has an `href` of the replay's own, which no selector may see. What the visitor hovered over has the class `:hover`, so
 * `:hover` becomes `:is(:hover,.\:hover)`; media queries ask for the size of the frame and not of the viewer's screen. (rrweb's own
 * adaptation of both parses each sheet whole, which takes longer than all the rest of a seek.) Only what stands before a block is a
 * selector; strings and comments are left as they are. One pass, in linear time.
 */
export function adaptCss(css: string): string {
  if (!ADAPTED.test(css)) {
    return css;
  }
  const adapted = new AdaptedCss(css);
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(css); token; token = TOKEN.exec(css)) {
    TOKEN.lastIndex = adapted.take(token[0].toLowerCase(), token.index);
  }
  return adapted.end();
}

/** CSS that is read token by token, and what became of it. */
class AdaptedCss {
  private readonly parts: string[] = [];
  private copied = 0;
  /** What may be adapted, since the last block or declaration. */
  private found: [start: number, end: number][] = [];
  private isAtRule = false;

  constructor(private readonly css: string) {}

  /** Takes a token. Gives where to go on. */
  take(token: string, at: number): number {
    const next = at + token.length;
    switch (token) {
      case '"': case "'":
        return endOfString(this.css, at) + 1;
      case '/*':
        return endOfComment(this.css, at);
      case '\\':
        return at + 2;
      case '[':
        return this.find(at, endOfBracket(this.css, at));
      case '{':
        this.adaptFound();
        this.close();
        return next;
      case ';': case '}':
        this.close();
        return next;
      case '@':
        this.isAtRule = true;
        return next;
      case ':hover':
        return this.isOfPseudoElement(at) ? next : this.find(at, next);
      case ':defined':
        return this.find(at, next);
      default:
        return this.isAtRule ? this.find(at, next) : next;
    }
  }

  end(): string {
    this.parts.push(this.css.slice(this.copied));
    return this.parts.join('');
  }

  /** Only the pseudo-classes themselves are allowed after a pseudo-element. */
  private isOfPseudoElement(at: number): boolean {
    const before = this.css.slice(Math.max(0, at - MAX_NAME), at);
    const element = before.lastIndexOf('::');
    return element >= 0 && !COMPOUND_END.test(before.slice(element));
  }

  private find(start: number, end: number): number {
    this.found.push([start, end]);
    return end;
  }

  private adaptFound(): void {
    for (const [start, end] of this.found) {
      const held = adapt(this.css.slice(start, end));
      if (held) {
        this.parts.push(this.css.slice(this.copied, start), held);
        this.copied = end;
      }
    }
  }

  private close(): void {
    this.found = [];
    this.isAtRule = false;
  }
}

function adapt(selector: string): string | undefined {
  if (selector.startsWith('-')) {
    return '-';
  }
  if (selector.startsWith(':')) {
    return selector.length === ':hover'.length ? `:is(${selector},.\\:hover)` : `:not([${UNDEFINED}])`;
  }
  const name = /^\[\s{0,9}([a-z]{3,12})(?=[\s\]~|^$*=])/i.exec(selector)?.[1];
  const lower = name?.toLowerCase() ?? '';
  if (lower !== 'href' && !FETCHED.has(lower)) {
    return undefined;
  }
  const held = heldName(lower);
  return `:is(${selector}${lower === 'href' ? `:where(:not([${held}]))` : ''},${selector.replace(name!, held)})`;
}

function endOfComment(css: string, start: number): number {
  const end = css.indexOf('*/', start + 2);
  return end < 0 ? css.length : end + 2;
}

/** The place of the quote that ends a string. */
function endOfString(css: string, start: number): number {
  for (let at = start + 1; at < css.length; at++) {
    if (css[at] === '\\') {
      at++;
    } else if (css[at] === css[start]) {
      return at;
    }
  }
  return css.length;
}

/** The place behind the bracket that closes an attribute selector. */
function endOfBracket(css: string, start: number): number {
  for (let at = start + 1; at < css.length; at++) {
    if (css[at] === '"' || css[at] === "'") {
      at = endOfString(css, at);
    } else if (css[at] === '\\') {
      at++;
    } else if (css[at] === ']') {
      return at + 1;
    } else if (css[at] === '{' || css[at] === '}' || css[at] === ';') {
      return at;
    }
  }
  return css.length;
}
