import type { ResolvedOptions } from './options.ts';

const NEVER_TYPES = new Set(['password', 'hidden']);
const NEVER_AUTOCOMPLETE = /(^|\s)(cc-|one-time-code|current-password|new-password)/i;
const NEVER_NAMES = new RegExp(
  [
    'card.?num', 'card.?no\\b', 'credit.?card', 'cc.?num', 'cvv', 'cvc', '\\bcsc\\b', '\\bcvn\\b', 'security.?code', 'passw', 'passphrase',
    '\\bpass\\b', 'pwd', '\\botp', 'otp\\b', '\\b2fa', '\\bmfa', 'one.?time', 'verification.?code', 'auth(entication)?.?code',
  ].join('|'),
  'i',
);

/** A page that plays recordings would record what other visitors did. */
const OWN_COMPONENTS = 'session-replay-player,session-replay-list';

/** Fields that were passwords once stay masked when a page shows them as text. */
const everSecret = new WeakSet<Element>();

/** Says whether something of this name is a password, a card or a one-time code. */
export function isSecretName(name: string): boolean {
  return NEVER_NAMES.test(name);
}

/** Says whether a field's value must never be recorded, whatever the page allows: passwords, cards, one-time codes and hidden fields. */
export function isSecretField(element: Element): boolean {
  if (everSecret.has(element)) {
    return true;
  }
  const get = (name: string): string => element.getAttribute(name) ?? '';
  const secret = NEVER_TYPES.has(get('type').toLowerCase())
    || NEVER_AUTOCOMPLETE.test(get('autocomplete'))
    || isSecretName(['name', 'id', 'placeholder', 'aria-label'].map(get).join(' '));
  if (secret) {
    everSecret.add(element);
  }
  return secret;
}

/** Notes that a field is or was a password: its value stays secret whatever the page makes of it. */
export function noteSecretField(element: Element): void {
  everSecret.add(element);
}

/** What of a page is not shown as it is, as selectors. */
export interface Privacy {
  /** Elements whose text is masked. */
  mask: string;
  /** Elements that are left out. */
  block: string;
  /** Fields that are recorded as they are, unless they are secret or masked. */
  unmask: string | undefined;
}

/** Reads the options. What a visitor writes into an editable element is a field's value, and not the page's text. */
export function privacyOf({ maskAllText, maskSelector, blockSelector, unmaskInputSelector }: ResolvedOptions): Privacy {
  const editable = `[contenteditable]:not([contenteditable="false" i])${unmaskInputSelector ? `:not(${unmaskInputSelector})` : ''}`;
  return {
    mask: maskAllText ? '*' : join('[data-sr-mask]', '.sr-mask', '.rr-mask', maskSelector, editable),
    block: join('[data-sr-block]', '.sr-block', '.rr-block', OWN_COMPONENTS, blockSelector),
    unmask: unmaskInputSelector,
  };
}

function join(...selectors: (string | undefined)[]): string {
  return selectors.filter(Boolean).join(',');
}

/** Masks a value: its length is kept up to 32 characters, so that the shape of a form can be seen and nothing of its content. */
export function mask(text: string): string {
  return '*'.repeat(Math.min(text.length, 32));
}

/** Masks a text node: every character that is not white space, so that the layout stays. */
export function maskText(text: string): string {
  return text.replace(/\S/g, '*');
}
