// Makes a long session out of recorded pages: each is visited again and again, with shifted times and some rest after it.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const CORPUS = new URL('../corpus/', import.meta.url);

/** Makes the pages of a session of so many milliseconds, which are so many bytes of JSON. Each is the list of its rrweb events. */
export function longSession(ms, bytes, start) {
  const pages = ['material', 'sb-admin'].flatMap(
    (site) => JSON.parse(gunzipSync(readFileSync(new URL(`${site}.json.gz`, CORPUS))).toString()).windows);
  const sizes = pages.map((page) => JSON.stringify(page.events).length);
  const chosen = [];
  for (let total = 0; total < bytes; total += sizes[(chosen.length - 1) % pages.length]) {
    chosen.push(pages[chosen.length % pages.length]);
  }
  return chosen.map(({ url, width, height, events }, i) => {
    const at = start + Math.floor((i * ms) / chosen.length);
    const shift = at - events[0].timestamp;
    return { url, width, height, json: () => events.map((event) => JSON.stringify({ ...event, timestamp: event.timestamp + shift })) };
  });
}
