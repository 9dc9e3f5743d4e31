const NAMES = /sr-asset:([0-9a-f]{64})/g;

/**
 * Finds the hashes of the assets that a stylesheet names, or the DOM events of a block, in which strings lie as they are; and a few more
 * where a page shows such a name as text, which does no harm.
 */
export function assetNamesIn(bytes: Uint8Array): Set<string> {
  return new Set(Array.from(new TextDecoder('latin1').decode(bytes).matchAll(NAMES), ([, hash]) => hash!));
}
