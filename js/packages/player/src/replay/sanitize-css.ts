import { mapCss } from '@session-replay/format';
import { isInline } from './addresses.ts';
import { adaptCss } from './adapt-css.ts';
import { placeholderOf } from './css-placeholders.ts';

/** A style attribute is a text, or in a change an object of properties. */
export function sanitizeStyle(style: unknown): unknown {
  if (typeof style === 'string') {
    return sanitizeCss(style);
  }
  if (typeof style !== 'object' || style === null) {
    return style;
  }
  const sanitized = (value: unknown): unknown => (typeof value === 'string' ? sanitizeCss(value) : value);
  return Object.fromEntries(
    Object.entries(style).map(([property, value]) => [property, Array.isArray(value) ? value.map(sanitized) : sanitized(value)]));
}

/** Takes out of CSS what would be fetched. What escapes it (CSS has many spellings) is stopped by the policy. */
export function sanitizeCss(css: string): string {
  return mapCss(adaptCss(css), { url: (url) => (isInline(url) ? undefined : placeholderOf(url)), dropImports: true });
}
