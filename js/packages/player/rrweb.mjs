import { readFile } from 'node:fs/promises';
import { replaceOnce } from '../../replace-once.mjs';

/** Texts that stand exactly once in rrweb's replayer, and what takes their place. */
const TEXTS = [
  // Where rrweb looks up the names of elements in a literal, `constructor` would find a function.
  ['const tagMap = {', 'const tagMap = {\n  __proto__: null,'],
  // Played again from the beginning, a page would begin with the sheet that came later: what was recorded stays as it is.
  [
    /Object\.assign\(\s*newSn\.attributes,\s*mutation\.attributes\s*\);/,
    'mirror2.nodeMetaMap.set(target, { ...newSn, attributes: { ...newSn.attributes, ...mutation.attributes } });',
  ],
  // The page of before is not laid out once more before it goes.
  ['    doc.close();\n    doc.open();', '    doc.open();'],
  // Scrolled at the end of a seek (scrolls.ts): a browser lays out the page for every scroll.
  ['    handleScroll(visitedNode, mirror2);', ''],
  [
    '_a2 = this.iframe.contentWindow) == null ? void 0 : _a2.scrollTo(event.data.initialOffset);',
    '_a2 = event.data.initialOffset) == null ? void 0 : this.applyScroll({ id: event.data.node.id, x: _a2.left, y: _a2.top }, true);',
  ],
  // A class of the replayer's own: the page's selectors see it, and its change has all styles computed again.
  ['void 0 : _b.classList.remove("rrweb-paused");', 'void 0 : void 0;'],
  ['void 0 : _b.classList.add("rrweb-paused");', 'void 0 : void 0;'],
  ['this.iframe.contentDocument.getElementsByTagName("html")[0].classList.add("rrweb-paused");', ''],
  // Stylesheets were adapted before the replayer gets them (adapt-css.ts): neither this nor the two copies of PostCSS for it is needed.
  ['function adaptCssForReplay(cssText, cache) {', 'function adaptCssForReplay(cssText) {\n  return cssText;\n}\nfunction unused(cssText, cache) {'],
  ['var postcssExports$1 = requirePostcss$1();', 'var postcssExports$1 = {};'],
  ['var postcssExports = requirePostcss();', 'var postcssExports = {};'],
];

/**
 * Changes rrweb's replayer while it is bundled.
 * @param {() => void} [onChange] Called when it was found.
 * @returns {import('esbuild').Plugin} The plugin.
 */
export function rrweb(onChange = () => undefined) {
  return {
    name: 'rrweb',
    setup: ({ onLoad }) => onLoad({ filter: /[\\/]@rrweb[\\/]replay[\\/]dist[\\/]replay\.js$/ }, async ({ path }) => {
      onChange();
      return { contents: TEXTS.reduce((text, [find, by]) => replaceOnce(text, find, by), await readFile(path, 'utf8')) };
    }),
  };
}
