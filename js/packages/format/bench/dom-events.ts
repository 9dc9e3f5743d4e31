/**
 * Compares DOM events as columns (docs/format/v1.md, section 2.4) with JSON: bytes after gzip, time to encode and compress, time to decode.
 *
 *     npm --prefix js run bench:dom-events -- [FILE...]
 *
 * A file is a recording of benchmarks/corpus (.json.gz), or rrweb events, one JSON a line. Without files: all of benchmarks/corpus.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readDomEvents } from '../src/dom/read-dom-events.ts';
import { writeDomEvents } from '../src/dom/write-dom-events.ts';

interface DomEvent {
  type: number;
  timestamp: number;
}

const MAX_EVENTS = 100;
const MAX_WAIT_MS = 5000;
const MAX_BYTES = 1024 * 1024;
const ROUNDS = 9;
/** A text of this length that looks like a stylesheet is one: the recorder uploads it once, as an asset. */
const MIN_SHEET = 1500;

const corpus = join(process.env['INIT_CWD'] ?? process.cwd(), 'benchmarks', 'corpus');
const files = process.argv.length > 2
  ? process.argv.slice(2)
  : readdirSync(corpus).filter((name) => name.endsWith('.json.gz')).map((name) => join(corpus, name));

console.log('| recording | batches | JSON, gzip | columns, gzip | ratio | encode and gzip, × JSON | decode, × JSON.parse |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const file of files) {
  console.log(measure(basename(file).replace(/\..*/, ''), read(file).flatMap(cut)));
}

function measure(name: string, batches: DomEvent[][]): string {
  const timed = batches.map((batch) => batch.map((event) => ({ time: event.timestamp, event })));
  const json = () => batches.map((batch) => Buffer.from(JSON.stringify(batch)));
  const columns = () => timed.map((batch) => writeDomEvents(batch));
  const texts = json();
  const blocks = columns();
  const bytes = (all: Uint8Array[]) => all.reduce((sum, one) => sum + gzipSync(one).length, 0);
  const encode = ratio(() => columns().forEach((block) => gzipSync(block)), () => json().forEach((text) => gzipSync(text)));
  const decode = ratio(() => blocks.forEach((block) => readDomEvents(block)), () => texts.forEach((text) => JSON.parse(text.toString())));
  const [before, after] = [bytes(texts), bytes(blocks)];
  const kb = (size: number) => `${(size / 1024).toFixed(1)} KB`;
  return `| ${name} | ${batches.length} | ${kb(before)} | ${kb(after)} | ${(after / before).toFixed(2)} | ${encode.toFixed(2)} | ${decode.toFixed(2)} |`;
}

/** The ratio of the medians of two pieces of work that take turns. */
function ratio(work: () => void, baseline: () => void): number {
  const times: [number[], number[]] = [[], []];
  for (let round = -2; round < ROUNDS; round++) {
    [work, baseline].forEach((run, i) => {
      const start = performance.now();
      run();
      if (round >= 0) {
        times[i as 0 | 1].push(performance.now() - start);
      }
    });
  }
  const median = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1]!;
  return median(times[0]) / median(times[1]);
}

/** Cuts as the recorder does. */
function cut(events: DomEvent[]): DomEvent[][] {
  const batches: DomEvent[][] = [];
  let open: DomEvent[] = [];
  let bytes = 0;
  const close = () => {
    if (open.length > 0) {
      batches.push(open);
    }
    [open, bytes] = [[], 0];
  };
  for (const event of events) {
    const size = JSON.stringify(event).length;
    if (open.length >= MAX_EVENTS || bytes + size > MAX_BYTES || (open.length > 0 && event.timestamp - open[0]!.timestamp > MAX_WAIT_MS)) {
      close();
    }
    open.push(event);
    bytes += size;
    if (event.type === 2) {
      close();
    }
  }
  close();
  return batches;
}

function read(file: string): DomEvent[][] {
  if (!file.endsWith('.gz')) {
    return [readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as DomEvent)];
  }
  const { windows } = JSON.parse(gunzipSync(readFileSync(file)).toString(), (key: string, value: unknown) =>
    typeof value === 'string' && (key === '_cssText' || (value.length > MIN_SHEET && /[{};]/.test(value)))
      ? `sr-asset:${'0123456789abcdef'.repeat(4)}`
      : value) as { windows: { events: DomEvent[] }[] };
  return windows.map(({ events }) => events);
}
