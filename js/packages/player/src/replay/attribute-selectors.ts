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

const DEFINED = /^:defined(?![\w-])/i;

/**
 * Makes selectors match attributes that a replay holds under another name: `[src$=".png"]` becomes
 * `:is([src$=".png"],[data-sr-src$=".png"])`, which weighs the same, and `:defined` becomes `:not([data-sr-undefined])`, which does too. A
 * link that is held has an `href` of the replay's own, which no selector may see. Only what stands before a block is a selector; strings
 * and comments are left as they are. One pass, in linear time.
 */
export function adaptSelectors(css: string): string {
  if (!css.includes('[') && !/:defined/i.test(css)) {
    return css;
  }
  const parts: string[] = [];
  let from = 0;
  /** Selectors to look at since the last block or declaration. */
  let found: [start: number, end: number][] = [];
  for (let at = 0; at < css.length; at++) {
    const char = css[at]!;
    if (char === '"' || char === "'") {
      at = endOfString(css, at);
    } else if (char === '/' && css[at + 1] === '*') {
      const end = css.indexOf('*/', at + 2);
      at = end < 0 ? css.length : end + 1;
    } else if (char === '\\') {
      at++;
    } else if (char === '[') {
      const end = endOfBracket(css, at);
      found.push([at, end]);
      at = end - 1;
    } else if (char === ':' && DEFINED.test(css.slice(at, at + 10))) {
      found.push([at, at + ':defined'.length]);
    } else if (char === '{') {
      for (const [start, end] of found) {
        const held = adapt(css.slice(start, end));
        if (held) {
          parts.push(css.slice(from, start), held);
          from = end;
        }
      }
      found = [];
    } else if (char === ';' || char === '}') {
      found = [];
    }
  }
  parts.push(css.slice(from));
  return parts.join('');
}

function adapt(selector: string): string | undefined {
  if (selector.startsWith(':')) {
    return `:not([${UNDEFINED}])`;
  }
  const name = /^\[\s{0,9}([a-z]{3,12})(?=[\s\]~|^$*=])/i.exec(selector)?.[1];
  const lower = name?.toLowerCase() ?? '';
  if (lower !== 'href' && !FETCHED.has(lower)) {
    return undefined;
  }
  const held = heldName(lower);
  return `:is(${selector}${lower === 'href' ? `:where(:not([${held}]))` : ''},${selector.replace(name!, held)})`;
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
