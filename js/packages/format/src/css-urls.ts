/** What begins something in CSS in which addresses stand or must not be looked for. */
const TOKEN = /["'\\]|\/\*|url\(|@import(?![\w-])/gi;
/** An escape of more than one character: in hexadecimal, with the white space that ends it, or of the end of a line. */
const ESCAPE = /\\(?:[0-9a-f]{1,6}(?:\r\n|[ \t\n\r\f])?|\r\n)/iy;
const NEWLINE = new Set(['\n', '\r', '\f']);
/** Characters of names, and what begins a name that is not one of a function. */
const NAME = /[\w\-#@\u0080-\uffff]/;
const SPACE = new Set([' ', '\t', '\n', '\r', '\f']);

/** Stands for a rule that was left out: without it what is before and after the rule could become an address. */
const DROPPED = '@sr-import;';

/** What to do with what is found in CSS. */
export interface CssVisitor {
  /** Gives another address, or nothing to leave it as it is. */
  url: (url: string) => string | undefined;
  /** Puts a rule that means nothing in place of `@import` rules. */
  dropImports?: boolean;
}

/**
 * Replaces addresses in CSS, which may be of any kind and as hostile as can be: each character is read once, so the time grows with the
 * length and with nothing else. Strings and comments stay as they are; a token that the text ends in is one.
 */
export function mapCss(css: string, { url: map, dropImports }: CssVisitor): string {
  let out = '';
  let copied = 0;
  const copy = (to: number): void => {
    out += css.slice(copied, to);
    copied = to;
  };
  // An escape is part of a name: what follows it directly begins none.
  let escapeEnd = -1;
  for (let at = nextToken(css, 0); at < css.length; ) {
    const first = css[at]!;
    let end: number;
    if (first === '@') {
      end = dropImports ? endOfImport(css, at) : at + '@import'.length;
      if (dropImports) {
        copy(at);
        out += DROPPED;
        copied = end;
      }
    } else if (first !== 'u' && first !== 'U') {
      end = skipCss(css, at);
      escapeEnd = isEscape(css, at) ? end : -1;
    } else if (at === escapeEnd || isWithinName(css, at)) {
      end = at + 4;
    } else {
      const token = readUrl(css, at + 4);
      const url = token.url === undefined ? undefined : map(token.url);
      end = token.end;
      if (url !== undefined) {
        copy(at);
        out += `url("${url}")`;
        copied = end;
      }
    }
    at = nextToken(css, end);
  }
  copy(css.length);
  return out;
}

/** Replaces addresses in CSS; those for which nothing is given stay. */
export function mapCssUrls(css: string, map: (url: string) => string | undefined): string {
  return mapCss(css, { url: map });
}

function nextToken(css: string, from: number): number {
  TOKEN.lastIndex = from;
  return TOKEN.exec(css)?.index ?? css.length;
}

/** Whether an escape begins at an index; before the end of a line it does so in strings alone. */
function isEscape(css: string, at: number): boolean {
  return css[at] === '\\' && at + 1 < css.length && !NEWLINE.has(css[at + 1]!);
}

/** Whether a name that ends with what is at an index began before it, as `src-url(` does. The sign `<!--` is not a name. */
function isWithinName(css: string, at: number): boolean {
  return at > 0 && NAME.test(css[at - 1]!) && css.slice(Math.max(0, at - 4), at) !== '<!--';
}

/** The end of a string, a comment or an escape that begins at an index. */
export function skipCss(css: string, at: number): number {
  const first = css[at]!;
  if (first === '\\') {
    ESCAPE.lastIndex = at;
    ESCAPE.test(css);
    return Math.min(css.length, Math.max(ESCAPE.lastIndex, at + 2));
  }
  if (first === '/') {
    const end = css.indexOf('*/', at + 2);
    return end < 0 ? css.length : end + 2;
  }
  return endOfString(css, at);
}

/** A string ends with its quote, or is broken off by the end of its line. */
function endOfString(css: string, at: number): number {
  const quote = css[at];
  for (let i = at + 1; i < css.length; i++) {
    if (css[i] === '\\') {
      i = skipCss(css, i) - 1;
    } else if (css[i] === quote || NEWLINE.has(css[i]!)) {
      return i + 1;
    }
  }
  return css.length;
}

function endOfImport(css: string, at: number): number {
  let escapeEnd = -1;
  for (let i = at + 1; i < css.length; ) {
    if (css[i] === ';') {
      return i + 1;
    }
    let end = i + 1;
    if (css[i] === '"' || css[i] === "'" || css[i] === '\\' || (css[i] === '/' && css[i + 1] === '*')) {
      end = skipCss(css, i);
      escapeEnd = isEscape(css, i) ? end : -1;
    } else if ((css[i] === 'u' || css[i] === 'U') && css.slice(i, i + 4).toLowerCase() === 'url('
      && i !== escapeEnd && !isWithinName(css, i)) {
      end = readUrl(css, i + 4).end;
    }
    i = end;
  }
  return css.length;
}

/** Reads what follows `url(`; one that is malformed has no address, as in a browser. */
function readUrl(css: string, from: number): { url?: string; end: number } {
  const begin = skipSpace(css, from);
  const quote = css[begin];
  if (quote === '"' || quote === "'") {
    const end = endOfString(css, begin);
    const close = skipSpace(css, end);
    const isClosed = css[end - 1] === quote && end > begin + 1;
    return close < css.length && css[close] !== ')'
      ? { end }
      : { url: unescape(css.slice(begin + 1, isClosed ? end - 1 : end)), end: Math.min(css.length, close + 1) };
  }
  let isBroken = false;
  let last = begin;
  for (let i = begin; i < css.length; i++) {
    const char = css[i]!;
    if (char === ')') {
      return isBroken ? { end: i + 1 } : { url: unescape(css.slice(begin, last)), end: i + 1 };
    }
    if (SPACE.has(char)) {
      continue;
    }
    // White space within, a quote or a bracket.
    isBroken ||= (last < i && last > begin) || char === '"' || char === "'" || char === '('
      || (char === '\\' && NEWLINE.has(css[i + 1]!));
    i = char === '\\' ? skipCss(css, i) - 1 : i;
    last = Math.min(css.length, i + 1);
  }
  return isBroken ? { end: css.length } : { url: unescape(css.slice(begin, last)), end: css.length };
}

function skipSpace(css: string, from: number): number {
  let at = from;
  while (SPACE.has(css[at]!)) {
    at++;
  }
  return at;
}

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\(?:([0-9a-f]{1,6})\s?|\n|([^]))/gi, (_, hex?: string, char?: string) => {
    const code = hex === undefined ? undefined : Number.parseInt(hex, 16);
    return code === undefined ? (char ?? '') : code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }) : text;
}
