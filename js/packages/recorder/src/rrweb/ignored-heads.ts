import { extractFileExtension } from '@rrweb/record';

/** What search engines, networks and tools read of a page's head, and no visitor sees. */
const NAMES = new Set([
  'application-name', 'pinterest', 'robots', 'googlebot', 'bingbot', 'author', 'generator', 'framework', 'publisher', 'progid',
  'google-site-verification', 'yandex-verification', 'csrf-token', 'p:domain_verify', 'verify-v1', 'verification',
  'shopify-checkout-api-token',
]);
const NAMED = /^msapplication-tile(image|color)$|^description|keywords$|^(og|twitter):/;
const PROPERTIES = /^(og|twitter|fb|article|product):/;
const ICONS = new Set(['icon', 'apple-touch-icon', 'shortcut icon']);

/** Whether a `link` or `meta` is left out, as with all of rrweb's `slimDOMOptions`: nothing that is seen depends on it. */
export function isIgnoredHead(tagName: string, attributes: Record<string, unknown>): boolean {
  const lower = (name: string): string => String(attributes[name] ?? '').toLowerCase();
  if (tagName === 'link') {
    const { rel, as, href } = attributes;
    return (
      (rel === 'preload' && as === 'script')
      || rel === 'modulepreload'
      || rel === 'shortcut icon'
      || (rel === 'prefetch' && typeof href === 'string' && extractFileExtension(href) === 'js')
    );
  }
  return (
    tagName === 'meta'
    && (NAMES.has(lower('name'))
      || NAMED.test(lower('name'))
      || PROPERTIES.test(lower('property'))
      || ICONS.has(lower('rel'))
      || attributes['http-equiv'] !== undefined)
  );
}
