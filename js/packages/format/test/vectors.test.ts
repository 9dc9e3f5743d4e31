import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bytesToHex, decodeBatch, deriveChunkKey, frameBatches, gunzip, openChunk, readChunkHeader, readDomEvents, readDomTimes,
  readRecordingIndex, type EventBatch,
} from '../src/index.ts';
import { KNOWN_KEYS } from '../src/dom/known-keys.ts';
import { FormatRejected } from '../src/reject.ts';

const { generate } = (await import(join(import.meta.dirname, '..', 'generate.mjs'))) as { generate: () => string };

interface Vector {
  name: string;
  kind: string;
  /** "success" or the rule that the input breaks. */
  expected: string;
  fields: Map<string, string>;
  input: Uint8Array<ArrayBuffer>;
}

const folder = join(import.meta.dirname, '../../../../docs/format/vectors');
const maxDecompressed = 64 * 1024 * 1024;

/** Kinds that no page and no player reads; xunit runs them. */
const serverOnly = ['asset', 'wrapped-key', 'queue-message', 'sealed-field'];

/** Rules of batches that the decoder does not know: it reads what the server has checked. */
const serverOnlyBatchRules = ['B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9'];

/** The frame is written by recorders and read by the server alone. */
const serverOnlyUploadRules = ['U1', 'U2'];

const runs: Record<string, (vector: Vector) => Promise<void>> = {
  upload: runUpload, batch: runBatch, chunk: runChunk, recording: runRecording,
};

const vectors = readdirSync(folder).sort().map(read);

describe('docs/format/vectors', () => {
  test('there is one for every kind', () => {
    expect([...new Set(vectors.map((vector) => vector.kind))].sort()).toEqual([...Object.keys(runs), ...serverOnly].sort());
  });

  const isServerOnly = ({ kind, expected }: Vector) =>
    serverOnly.includes(kind)
    || (kind === 'batch' && serverOnlyBatchRules.includes(expected))
    || (kind === 'upload' && serverOnlyUploadRules.includes(expected));

  test.each(vectors.filter((vector) => !isServerOnly(vector)))('$name', async (vector) => {
    const run = runs[vector.kind];
    if (!run) {
      throw new Error(`No suite knows how to run a vector of kind '${vector.kind}'.`);
    }
    if (vector.expected === 'success') {
      await run(vector);
    } else if (vector.kind === 'batch' && !vector.expected.startsWith('D')) {
      await expect(run(vector)).rejects.toThrow();
    } else {
      await expect(run(vector)).rejects.toMatchObject({ rule: vector.expected });
    }
  });
});

test('the known keys are those of docs/format/v1.md', () => {
  const text = readFileSync(join(folder, '..', 'v1.md'), 'utf8');
  const list = /those that are written follow:\n\n((?: {4}.*\n)+)/.exec(text)![1]!;
  expect(KNOWN_KEYS).toEqual(list.trim().split(/\s+/));
});

test('src/generated/event_batch.js is what generate.mjs makes of docs/format/event_batch.proto', () => {
  expect(readFileSync(join(import.meta.dirname, '../src/generated/event_batch.js'), 'utf8')).toBe(generate());
});

function countEvents({ dom_events: dom, events }: EventBatch): number {
  return events.length + (dom ? readDomTimes(dom).length : 0);
}

async function runUpload(vector: Vector): Promise<void> {
  const view = new DataView(vector.input.buffer);
  const batches: Uint8Array[] = [];
  for (let at = 20; at < vector.input.length; at += 4 + view.getUint32(at)) {
    batches.push(vector.input.slice(at + 4, at + 4 + view.getUint32(at)));
  }
  expect(batches.map((batch) => createHash('sha256').update(batch).digest('hex')).join(' ')).toBe(field(vector, 'batch-sha256'));
  expect(bytesToHex(frameBatches(field(vector, 'secret'), batches))).toBe(bytesToHex(vector.input));
}

async function runBatch(vector: Vector): Promise<void> {
  const batch = decodeBatch(await gunzip(vector.input));
  expect(batch.version).toBe(1);
  expect(bytesToHex(batch.session_id)).toBe(field(vector, 'session'));
  expect(bytesToHex(batch.window_id)).toBe(field(vector, 'window'));
  expect(batch.seq).toBe(Number(field(vector, 'seq')));
  const dom = batch.dom_events && readDomEvents(batch.dom_events);
  expect(batch.events.length + (dom?.events.length ?? 0)).toBe(Number(field(vector, 'events')));
  expect(dom?.times[0] ?? batch.events[0]!.time).toBe(Number(field(vector, 'first-time')));
  const expected = vector.fields.get('dom');
  if (expected !== undefined) {
    expect(dom!.events).toEqual(JSON.parse(expected));
  }
}

async function runChunk(vector: Vector): Promise<void> {
  await open(vector, vector.input, {
    tenant: field(vector, 'tenant'),
    session: field(vector, 'session'),
    window: field(vector, 'window'),
    seq: Number(field(vector, 'seq')),
  });
}

async function runRecording(vector: Vector): Promise<void> {
  const entries = readRecordingIndex(vector.input);
  for (const entry of entries) {
    const chunk = vector.input.slice(entry.offset, entry.offset + entry.length);
    const { window, seq, flags, eventCount, firstTime } = readChunkHeader(chunk);
    const { offset: _, length, ...stored } = entry;
    if (JSON.stringify(stored) !== JSON.stringify({ window, seq, flags, eventCount, firstTime })) {
      throw new FormatRejected('R4', 'The header of a chunk differs from its entry.');
    }
    expect(length).toBe(chunk.length);
  }
  for (const { window, seq, offset, length } of entries) {
    const asked = { tenant: field(vector, 'tenant'), session: field(vector, 'session'), window, seq };
    await open(vector, vector.input.slice(offset, offset + length), asked);
  }
  expect(entries.length).toBe(Number(field(vector, 'entries')));
}

/** Opens a chunk; which one was asked for (C4) and what the payload holds (C7) is the caller's to check. */
async function open(
  vector: Vector,
  chunk: Uint8Array<ArrayBuffer>,
  asked: { tenant: string; session: string; window: string; seq: number },
): Promise<void> {
  const { tenant, session, window, seq } = chunk.length < 176 ? asked : readChunkHeader(chunk);
  if (JSON.stringify({ tenant, session, window, seq }) !== JSON.stringify(asked)) {
    throw new FormatRejected('C4', 'Another chunk than the one asked for.');
  }
  const key = await deriveChunkKey(hexToBytes(field(vector, 'session-key')), tenant, hexToBytes(session));
  const { header, payload } = await openChunk(chunk, key);
  const batch = await gunzip(new Uint8Array(payload));
  if (batch.length !== header.batchLength || header.batchLength > maxDecompressed) {
    throw new FormatRejected('C7', 'The payload has another length than the header declares.');
  }
  expect(createHash('sha256').update(batch).digest('hex')).toBe(field(vector, 'batch-sha256'));
  expect(countEvents(decodeBatch(batch))).toBe(header.eventCount);
  if (vector.fields.has('digest')) {
    expect(header.digest).toBe(field(vector, 'digest'));
  }
}

function read(name: string): Vector {
  const text = readFileSync(join(folder, name), 'utf8');
  const end = text.indexOf('\n\n');
  const fields = new Map(
    text
      .slice(0, end)
      .split('\n')
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 2)] as const;
      }),
  );
  return {
    name,
    kind: fields.get('kind') ?? '',
    expected: fields.get('expect') ?? '',
    fields,
    input: new Uint8Array(Buffer.from(text.slice(end), 'base64')),
  };
}

function field(vector: Vector, name: string): string {
  const value = vector.fields.get(name);
  if (value === undefined) {
    throw new Error(`The vector ${vector.name} has no field '${name}'.`);
  }
  return value;
}

function hexToBytes(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
