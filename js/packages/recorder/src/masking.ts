import type { ResolvedOptions } from './options.ts';

const NEVER_TYPES = new Set(['password', 'hidden']);
const NEVER_AUTOCOMPLETE = /(^|\s)(cc-|one-time-code|current-password|new-password)/i;
const NEVER_NAMES = /(card.?num|cardnumber|cc.?num|cvv|cvc|security.?code|passw|pwd|otp|one.?time)/i;

/** Fields that were passwords once stay masked when a page shows them as text. */
const everSecret = new WeakSet<Element>();

/** Tells whether a field's value must never be recorded, whatever the page allows: passwords, cards, one-time codes and hidden fields. */
export function isSecretField(element: Element): boolean {
  if (everSecret.has(element)) {
    return true;
  }
  const type = (element.getAttribute('type') ?? '').toLowerCase();
  const secret = NEVER_TYPES.has(type)
    || NEVER_AUTOCOMPLETE.test(element.getAttribute('autocomplete') ?? '')
    || NEVER_NAMES.test(`${element.getAttribute('name') ?? ''} ${element.id}`)
    || element.hasAttribute('data-rr-is-password');
  if (secret) {
    everSecret.add(element);
  }
  return secret;
}

/** The selector of elements whose text is private. */
export function privateText({ maskAllText, maskSelector }: ResolvedOptions): string {
  return maskAllText ? '*' : ['[data-sr-mask]', '.sr-mask', maskSelector].filter(Boolean).join(',');
}

/** Masks a value: its length is kept up to 32 characters, so that the shape of a form can be seen and nothing of its content. */
export function mask(text: string): string {
  return '*'.repeat(Math.min(text.length, 32));
}

/** Masks a text node: every character that is not white space, so that the layout stays. */
export function maskText(text: string): string {
  return text.replace(/\S/g, '*');
}

/** Makes the function that decides over an input's value. */
export function inputMasker(unmaskSelector: string | undefined): (text: string, element: Element) => string {
  return (text, element) => {
    const unmasked = unmaskSelector && element && !isSecretField(element) && element.matches(unmaskSelector);
    return unmasked ? text : mask(text);
  };
}
