// Sends a session to a host as the recorder's worker would.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const KEY = 'fjord-and-field-web';
const MAX_EVENTS = 100;

/** Records the pages of a session. Gives its id. */
export async function record(host, pages) {
  const { Pipeline, newId, newSecret } = await recorder();
  const [session, secret] = [newId(), newSecret()];
  for (const [i, page] of pages.entries()) {
    const target = { endpoint: `${host}/session-replay`, writeKey: KEY, session, secret, window: newId(), maxBytes: 512 * 1024 };
    await visit((report) => new Pipeline(target, report), page);
    process.stderr.write(`\r${i + 1} of ${pages.length} pages recorded `);
  }
  process.stderr.write('\n');
  return { tenant: 'shop', session };
}

function visit(open, { url, width, height, json }) {
  return new Promise((resolve, reject) => {
    const pipeline = open((message) => {
      if (message.type === 'done') {
        resolve();
      } else if (message.type === 'failed' || message.type === 'refused' || message.type === 'ended') {
        reject(new Error(`The host did not take a batch: ${JSON.stringify(message)}`));
      }
    });
    const context = {
      url, title: 'A page', referrer: '', viewport_width: width, viewport_height: height, screen_width: width, screen_height: height,
      device_pixel_ratio: 1, language: 'en', time_zone: 'UTC', app_version: '',
    };
    const events = json();
    for (let at = 0, seq = 0; at < events.length; at += MAX_EVENTS, seq++) {
      const start = { seq, id: Math.floor(Math.random() * 2 ** 32), page: seq === 0 ? context : undefined };
      const part = events.slice(at, at + MAX_EVENTS).map((event) => `{"time":${JSON.parse(event).timestamp},"dom":${event}}`);
      pipeline.receive({ type: 'events', start, events: part });
      pipeline.receive({ type: 'cut', cut: { ...start, last: at + MAX_EVENTS >= events.length, lost: 0 } });
    }
    pipeline.receive({ type: 'end' });
  });
}

let loading;
function recorder() {
  loading ??= build({
    entryPoints: [fileURLToPath(new URL('recorder-worker.entry.ts', import.meta.url))], bundle: true, write: false, format: 'esm',
  }).then(({ outputFiles }) => import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`));
  return loading;
}
