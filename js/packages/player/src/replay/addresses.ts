/** An address that is part of the recording itself, or the name of an asset, which the loader replaces. */
export function isInline(url: string): boolean {
  return (/^(data:|blob:|#|about:blank)/i.test(url) && !isActive(url)) || /^sr-asset:[0-9a-f]{64}(#|$)/.test(url);
}

const ACTIVE = ['javascript:', 'vbscript:', 'data:text/html', 'data:image/svg+xml;script'];

/** Schemes that run or open something. Browsers skip control characters and white space when they read a scheme. */
export function isActive(url: string): boolean {
  const scheme = url.replace(/[\u0000-\u0020\u007f-\u009f]/g, '').slice(0, 30).toLowerCase();
  return ACTIVE.some((active) => scheme.startsWith(active));
}
