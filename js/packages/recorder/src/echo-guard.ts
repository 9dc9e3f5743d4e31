import { mask } from './masking.ts';

/** What is shorter, or of letters or of a few digits alone, stands in a page for other reasons too: hiding it there would tell what it is. */
const LEAST_LENGTH = 6;
const LEAST_LENGTH_OF_WORDS = 12;
/** Values are remembered as they are typed, letter by letter. */
const MAX_VALUES = 256;
/** Names in the events' own form, whose values are no text of the page. */
const STRUCTURE = new Set(['tagName', 'type', 'level', 'method', 'initiator', 'rating']);

/**
 * Knows what was typed into passwords, cards and one-time codes of this page, and hides it wherever else it shows up: in a console line, an
 * address, a body, an error, a title, an attribute, a text. The values are in memory only.
 */
export class EchoGuard {
  private values = new Set<string>();
  private pattern: RegExp | undefined;

  /** Remembers a value. Tells whether it was not known. */
  add(value: string): boolean {
    const text = value.trim();
    if (!isDistinct(text) || this.values.has(text)) {
      return false;
    }
    this.values.add(text);
    if (this.values.size > MAX_VALUES) {
      this.values.delete(this.values.values().next().value!);
    }
    this.pattern = undefined;
    return true;
  }

  /** Calls back for all values. */
  each(use: (value: string) => void): void {
    this.values.forEach(use);
  }

  /** Tells whether a text is one of the values. */
  has(text: string): boolean {
    return this.values.has(text.trim());
  }

  /** Hides the values in all texts of something, in place. */
  hide(root: object | undefined): void {
    if (!root || this.values.size === 0) {
      return;
    }
    const pattern = (this.pattern ??= this.compile());
    const open: object[] = [root];
    while (open.length > 0) {
      const holder = open.pop() as Record<string, unknown>;
      for (const key of Object.keys(holder)) {
        const value = holder[key];
        if (typeof value === 'string') {
          if (value.length >= LEAST_LENGTH && !STRUCTURE.has(key)) {
            const hidden = value.replace(pattern, mask);
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
  private compile(): RegExp {
    const spellings = new Set([...this.values].flatMap(spellingsOf));
    const sorted = [...spellings].sort((a, b) => b.length - a.length);
    return new RegExp(sorted.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  }
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
    spellings.push(encoded, encoded.replace(/%20/g, '+'), encoded.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`));
  } catch {
    // Half of a surrogate pair has no form in an address.
  }
  if (/^[\d\s-]{12,}$/.test(text)) {
    spellings.push(text.replace(/[\s-]/g, ''));
  }
  return spellings;
}
