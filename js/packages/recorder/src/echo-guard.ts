import { mask } from './masking.ts';

/**
 * What is shorter, or of letters or of a few digits alone, stands in a page for other reasons too: hiding it there would reveal what it is.
 */
const LEAST_LENGTH = 6;
const LEAST_LENGTH_OF_WORDS = 12;
/** Beginnings of what is typed are hidden from this length on, … */
const LEAST_BEGINNING = 3;
/** … up to this one: what is longer is distinct by itself. */
const LONGEST_BEGINNING = 32;
/** Values are remembered as they are typed, letter by letter. */
const MAX_VALUES = 512;
/** Of all values together: a long text that is typed would make ever longer ones. */
const MAX_CHARACTERS = 16_384;
/** Names in the events' own form, whose values are no text of the page. */
const STRUCTURE = new Set(['tagName', 'type', 'level', 'method', 'initiator', 'rating']);
/** Names of stylesheets' texts: a beginning that stands there is a word of the language. */
const STYLES = new Set(['_cssText', 'rule', 'replace', 'replaceSync', 'property']);

/**
 * Knows what was typed into passwords, cards and one-time codes of this page, and hides it wherever else it shows up: in a console line, an
 * address, a body, an error, a title, an attribute, a text. The values are in memory only.
 */
export class EchoGuard {
  private values = new Set<string>();
  private characters = 0;
  private patterns: { all: RegExp; distinct: RegExp } | undefined;

  /**
   * Learns a value that is being typed, and all its beginnings: the page may copy each of them as it comes about. One that is not a
   * distinct text is a secret only if it stands nowhere in the page before. Gives those that were not known.
   */
  learn(value: string, stands: (text: string) => boolean): string[] {
    const whole = value.trim().slice(0, MAX_CHARACTERS / 4);
    const lengths = [...new Set([...Array(Math.min(whole.length, LONGEST_BEGINNING) + 1).keys(), whole.length])];
    return lengths
      .map((length) => whole.slice(0, length))
      .filter((text) => !this.values.has(text) && (isDistinct(text) || (text.length >= LEAST_BEGINNING && !stands(text))))
      .filter((text) => this.add(text));
  }

  /** Remembers a value. Gives false when it was known. */
  add(value: string): boolean {
    if (this.values.has(value)) {
      return false;
    }
    this.values.add(value);
    this.characters += value.length;
    while (this.values.size > 1 && (this.values.size > MAX_VALUES || this.characters > MAX_CHARACTERS)) {
      const oldest = this.values.values().next().value!;
      this.values.delete(oldest);
      this.characters -= oldest.length;
    }
    this.patterns = undefined;
    return true;
  }

  /** Calls back for all values. */
  each(use: (value: string) => void): void {
    this.values.forEach(use);
  }

  /** Says whether a text is one of the values. */
  has(text: string): boolean {
    return this.values.has(text.trim());
  }

  /** Hides the values in all texts of something, in place. */
  hide(root: object | undefined): void {
    if (!root || this.values.size === 0) {
      return;
    }
    const { all, distinct } = (this.patterns ??= this.compile());
    const open: object[] = [root];
    while (open.length > 0) {
      const holder = open.pop() as Record<string, unknown>;
      for (const key of Object.keys(holder)) {
        const value = holder[key];
        if (typeof value === 'string') {
          if (value.length >= LEAST_BEGINNING && !STRUCTURE.has(key)) {
            const hidden = value.replace(STYLES.has(key) ? distinct : all, mask);
            if (hidden !== value) {
              holder[key] = hidden;
            }
          }
        } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
          open.push(value);
        }
      }
    }
  }

  /** The longest first: of a value that was typed letter by letter the whole is hidden, not its beginning. */
  private compile(): { all: RegExp; distinct: RegExp } {
    const sorted = [...this.values].sort((a, b) => b.length - a.length);
    const pattern = (texts: string[]): RegExp => new RegExp(texts.length > 0 ? texts.join('|') : '(?!)', 'gu');
    return { all: pattern(sorted.map(toPattern)), distinct: pattern(sorted.filter(isDistinct).map(toPattern)) };
  }
}

/** A beginning is hidden where it stands alone, and not within a word of the page. */
function toPattern(value: string): string {
  const spellings = [...new Set(spellingsOf(value))].map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|');
  return isDistinct(value) ? spellings : `(?<![\\p{L}\\p{N}])(?:${spellings})(?![\\p{L}\\p{N}])`;
}

function isDistinct(text: string): boolean {
  const isWord = /^\p{L}*$/u.test(text);
  return text.length >= (isWord ? LEAST_LENGTH_OF_WORDS : LEAST_LENGTH);
}

/** As it is, in an address, in a form's body, in JSON, and a number without its gaps. */
function spellingsOf(text: string): string[] {
  const spellings = [text, JSON.stringify(text).slice(1, -1)];
  try {
    const encoded = encodeURIComponent(text);
    const { search, hash } = new URL(`http://x/?${text.replace(/#/g, '%23')}#${text}`);
    spellings.push(
      search.slice(1),
      hash.slice(1),
      encoded,
      encoded.replace(/%20/g, '+'),
      encoded.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    );
  } catch {
    // Half of a surrogate pair has no form in an address.
  }
  if (/^[\d\s-]{12,}$/.test(text)) {
    spellings.push(text.replace(/[\s-]/g, ''));
  }
  return spellings;
}
