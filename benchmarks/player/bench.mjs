// usage: node bench.mjs HOST [--sessions 1h/60MB,8h/500MB] [--reps N]
import { longSession } from './long-session.mjs';
import { measure, median } from './measure.mjs';
import { record } from './record.mjs';
import { serve } from './rrweb-page.mjs';

const HOUR = 3_600_000;
const [host, ...args] = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
const sessions = option('--sessions', '1h/60MB,8h/500MB').split(',').map((text) => /^(\d+)h\/(\d+)MB$/.exec(text).slice(1).map(Number));
const reps = Number(option('--reps', '3'));
const players = option('--players', 'rrweb,ours').split(',');

const OURS = `{
  doc: () => document.querySelector('session-replay-player')?.replayDocument,
  ready: () => Boolean(document.querySelector('session-replay-player')?.duration),
  seek: (ms) => document.querySelector('session-replay-player').seek(ms),
}`;
const RRWEB = `{
  doc: () => document.querySelector('iframe')?.contentDocument,
  ready: () => Boolean(window.player),
  seek: (ms) => window.player.goto(ms, false),
}`;

for (const [hours, megabytes] of sessions) {
  const ms = hours * HOUR;
  const pages = longSession(ms, megabytes * 1e6, Date.now() - ms - 60_000);
  const { tenant, session } = await record(host, pages);
  await ended(tenant, session);
  const other = await serve(pages);
  const runs = { rrweb: [], ours: [] };
  // The first of each is not counted: servers are slower then, which is not what is compared.
  for (let rep = 0; rep <= reps; rep++) {
    for (const player of players) {
      const url = player === 'ours' ? `${host}/session-replay/tenants/${tenant}/sessions/${session}` : other.url;
      const run = await measure(url, player === 'ours' ? OURS : RRWEB, ms - 60_000);
      runs[player].push(...(rep === 0 ? [] : [run]));
      console.error(player, rep, run);
    }
  }
  other.close();
  print(`${hours} h, ${megabytes} MB, ${pages.length} pages`, runs);
}

/** Waits until the session is one object. */
async function ended(tenant, session) {
  for (let i = 0; i < 600; i++) {
    const answer = await fetch(`${host}/session-replay/api/tenants/${tenant}/sessions/${session}`);
    if (answer.ok && (await answer.json()).session.endedAt !== null) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('The session did not end.');
}

function print(title, { rrweb, ours }) {
  const row = (name, key, unit) => {
    const [theirs, own] = [rrweb, ours].map((runs) => median(runs.map((run) => run[key])) / unit);
    console.log(`| ${name} | ${theirs.toFixed(0)} | ${own.toFixed(0)} | ${(own / theirs).toFixed(2)} |`);
  };
  console.log(`\n${title}\n\n| | rrweb-player | SessionReplay | ratio |\n| --- | --- | --- | --- |`);
  row('first frame, ms', 'first', 1);
  row('peak memory of the page, MB', 'memory', 1e6);
  row('seek, ms, median of 20', 'seek', 1);
  row('requests until the first frame', 'requests', 1);
}
