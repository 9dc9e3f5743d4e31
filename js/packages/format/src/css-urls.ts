/** What begins something in CSS in which addresses stand or must not be looked for. */
const TOKEN = /["'\\]|\/\*|url\(|@import(?![\w-])/gi;
const SPACE = new Set([' ', '\t', '\n', '\r', '\f']);

/** What to do with what is found in CSS. */
export interface CssVisitor {
  /** Gives another address, or nothing to leave it as it is. */
  url: (url: string) => string | undefined;
  /** Leaves `@import` rules out. */
  dropImports?: boolean;
}

/**
 * Replaces addresses in CSS, which may be of any kind and as hostile as can be: each character is read once, so the time grows with the length and
 * with nothing else. Strings and comments stay as they are; a token that the text ends in is one.
 */
export function mapCss(css: string, { url: map, dropImports }: CssVisitor): string {
  let out = '';
  let copied = 0;
  const copy = (to: number): void => {
    out += css.slice(copied, to);
    copied = to;
  };
  for (let at = nextToken(css, 0); at < css.length; ) {
    const first = css[at]!;
    if (first === '@') {
      const end = dropImports ? endOfImport(css, at) : at + '@import'.length;
      if (dropImports) {
        copy(at);
        copied = end;
      }
      at = nextToken(css, end);
    } else if (first === 'u' || first === 'U') {
      const token = readUrl(css, at + 4);
      const url = token.url === undefined ? undefined : map(token.url);
      if (url !== undefined) {
        copy(at);
        out += `url("${url}")`;
        copied = token.end;
      }
      at = nextToken(css, token.end);
    } else {
      at = nextToken(css, skipCss(css, at));
    }
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

/** The end of a string, a comment or an escape that begins at an index. */
export function skipCss(css: string, at: number): number {
  const first = css[at]!;
  if (first === '\\') {
    return Math.min(css.length, at + 2);
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
      i++;
    } else if (css[i] === quote || css[i] === '\n') {
      return i + 1;
    }
  }
  return css.length;
}

function endOfImport(css: string, at: number): number {
  for (let i = at + 1; i < css.length; ) {
    if (css[i] === ';') {
      return i + 1;
    }
    const isUrl = (css[i] === 'u' || css[i] === 'U') && css.slice(i, i + 4).toLowerCase() === 'url(';
    i = isUrl ? readUrl(css, i + 4).end : css[i] === '"' || css[i] === "'" || css[i] === '\\' || (css[i] === '/' && css[i + 1] === '*') ? skipCss(css, i) : i + 1;
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
    return close < css.length && css[close] !== ')' ? { end } : { url: unescape(css.slice(begin + 1, isClosed ? end - 1 : end)), end: Math.min(css.length, close + 1) };
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
    isBroken ||= (last < i && last > begin) || char === '"' || char === "'" || char === '(';
    i += char === '\\' ? 1 : 0;
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
