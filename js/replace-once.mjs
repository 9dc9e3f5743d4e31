/**
 * Changes a library's text as it is built.
 * @param {string} text The library's text.
 * @param {string | RegExp} find What stands in it exactly once.
 * @param {string} by What takes its place.
 * @returns {string} The changed text.
 * @throws {Error} when it does not stand there once: the library has changed.
 */
export function replaceOnce(text, find, by) {
  const found = typeof find === 'string' ? text.split(find).length - 1 : [...text.matchAll(new RegExp(find, 'g'))].length;
  if (found !== 1) {
    throw new Error(`rrweb has changed: found ${found} times and not once: ${find}`);
  }
  return text.replace(find, () => by);
}
