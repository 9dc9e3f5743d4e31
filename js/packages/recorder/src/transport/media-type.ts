const SIGNATURES: [type: string, offset: number, text: string][] = [
  ['image/png', 0, '\x89PNG'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['font/woff2', 0, 'wOF2'],
  ['font/woff', 0, 'wOFF'],
];

/**
 * Finds what an image or font is by its first bytes; an SVG, which has none of its own, by what the server called it. Undefined for all
 * else.
 */
export function mediaType(bytes: Uint8Array, declared: string): string | undefined {
  const known = SIGNATURES.find(([, offset, text]) => [...text].every((character, i) => bytes[offset + i] === character.charCodeAt(0)));
  return known?.[0] ?? (/^image\/svg\+xml\b/i.test(declared) ? 'image/svg+xml' : undefined);
}
