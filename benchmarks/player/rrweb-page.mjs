// A page with rrweb-player that is handed all events of a session.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const FOLDER = new URL('node_modules/rrweb-player/dist/', import.meta.url);
/** A string of JavaScript is half a gigabyte at most: the events come in several answers. */
const PART_PAGES = 60;

/** Serves it. Gives its address. */
export async function serve(pages) {
  const parts = Array.from({ length: Math.ceil(pages.length / PART_PAGES) }, (_, i) => pages.slice(i * PART_PAGES, (i + 1) * PART_PAGES));
  const server = createServer((request, response) => {
    const part = /^\/events\/(\d+)$/.exec(request.url)?.[1];
    if (part) {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(`[${parts[part].flatMap((page) => page.json()).join(',')}]`);
    } else if (request.url === '/rrweb-player.js') {
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(readFileSync(new URL('rrweb-player.js', FOLDER)));
    } else if (request.url === '/style.css') {
      response.writeHead(200, { 'Content-Type': 'text/css' }).end(readFileSync(new URL('style.min.css', FOLDER)));
    } else {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(page(parts.length));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => (server.closeAllConnections(), server.close()) };
}

const page = (parts) => `<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><body><script type="module">
  import { Player } from '/rrweb-player.js';
  let events = [];
  for (let part = 0; part < ${parts}; part++) {
    const more = await (await fetch('/events/' + part)).json();
    events = events.concat(more);
  }
  window.player = new Player({ target: document.body, props: { events, autoPlay: false, width: 1300, height: 750 } });
</script></body>`;
