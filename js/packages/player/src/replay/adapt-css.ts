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
/** What may be adapted, and what hides it. Blocks and declarations are looked for only where there is something to adapt. */
const TOKEN = /["'\\[@]|\/\*|:(?:defined|hover)(?![\w-])|-device-(?=width|height)/gi;
const END = /["'\\{};]|\/\*/g;
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
  /** Where the block begins, or the declaration ends, that was looked for last; and from where on it is the next. */
  private next = { from: 0, at: -1 };
  /** Where the last at-rule begins. */
  private atRule = -1;

  constructor(private readonly css: string) {}

  /** Takes a token. Gives where to go on. */
  take(token: string, at: number): number {
    const end = at + token.length;
    switch (token) {
      case '"': case "'": case '/*': case '\\':
        return skip(this.css, at);
      case '[':
        return this.adapt(at, endOfBracket(this.css, at));
      case '@':
        this.atRule = at;
        return end;
      case ':hover':
        return this.isOfPseudoElement(at) ? end : this.adapt(at, end);
      case ':defined':
        return this.adapt(at, end);
      default:
        return this.atRule >= 0 && this.endAfter(this.atRule) > at ? this.adapt(at, end) : end;
    }
  }

  end(): string {
    this.parts.push(this.css.slice(this.copied));
    return this.parts.join('');
  }

  /** Only what stands before a block is a selector, or a condition. */
  private adapt(start: number, end: number): number {
    if (this.css[this.endAfter(end)] === '{') {
      const adapted = adapt(this.css.slice(start, end));
      if (adapted) {
        this.parts.push(this.css.slice(this.copied, start), adapted);
        this.copied = end;
      }
    }
    return end;
  }

  /** Where the next block begins or ends, or the next declaration ends. Each character is looked at once. */
  private endAfter(from: number): number {
    if (from < this.next.from || from > this.next.at) {
      END.lastIndex = from;
      let found = END.exec(this.css);
      while (found && !'{};'.includes(found[0])) {
        END.lastIndex = skip(this.css, found.index);
        found = END.exec(this.css);
      }
      this.next = { from, at: found?.index ?? this.css.length };
    }
    return this.next.at;
  }

  /** Only the pseudo-classes themselves are allowed after a pseudo-element. */
  private isOfPseudoElement(at: number): boolean {
    const before = this.css.slice(Math.max(0, at - MAX_NAME), at);
    const element = before.lastIndexOf('::');
    return element >= 0 && !COMPOUND_END.test(before.slice(element));
  }
}

/** The place behind a string, a comment or an escape. */
function skip(css: string, at: number): number {
  return css[at] === '\\' ? at + 2 : css[at] === '/' ? endOfComment(css, at) : endOfString(css, at) + 1;
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
