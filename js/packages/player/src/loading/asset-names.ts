const NAMES = /sr-asset:([0-9a-f]{64})/g;

/** Finds the hashes of the assets that a text names; and a few more where a page shows such a name as text, which does no harm. */
export function assetNames(text: string): Set<string> {
  return new Set(Array.from(text.matchAll(NAMES), ([, hash]) => hash!));
}

/** Finds the hashes of the assets that the DOM events of a block name: in a block, strings lie as they are. */
export function assetNamesIn(block: Uint8Array): Set<string> {
  return assetNames(new TextDecoder('latin1').decode(block));
}
