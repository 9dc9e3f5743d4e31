import { bytesToHex } from './ids.ts';
import { FormatRejected } from './reject.ts';

const HEADER = 16;
const ENTRY = 48;
const FOOTER = 32;

/** Where a chunk lies in a recording object. */
export interface RecordingEntry {
  window: string;
  seq: number;
  flags: number;
  offset: number;
  length: number;
  eventCount: number;
  firstTime: number;
}

/** Reads the index of a whole recording object (docs/format/v1.md, section 4, rules R1 to R3). */
export function readRecordingIndex(recording: Uint8Array): RecordingEntry[] {
  const view = new DataView(recording.buffer, recording.byteOffset, recording.byteLength);
  const end = recording.length - FOOTER;
  if (!isKnownForm(recording, view, end)) {
    throw new FormatRejected('R1', 'The magic or version of the recording is unknown.');
  }
  const offset = Number(view.getBigInt64(end));
  const count = view.getInt32(end + 8);
  if (
    count < 0
    || offset < HEADER
    || offset + count * ENTRY !== end
    || crc32c(recording.subarray(offset, end)) !== view.getUint32(end + 12)
  ) {
    throw new FormatRejected('R2', 'The index of the recording is damaged or misplaced.');
  }
  const entries: RecordingEntry[] = [];
  let next = HEADER;
  let before = '';
  for (let at = offset; at < end; at += ENTRY) {
    const name = bytesToHex(recording.subarray(at, at + 20));
    const entry = readEntry(view, at, name);
    if (entry.offset !== next || name <= before) {
      throw new FormatRejected('R3', 'An entry of the index is out of order or does not adjoin the one before.');
    }
    next += entry.length;
    before = name;
    entries.push(entry);
  }
  if (next !== offset) {
    throw new FormatRejected('R3', 'The last chunk does not end at the index.');
  }
  return entries;
}

function isKnownForm(recording: Uint8Array, view: DataView, end: number): boolean {
  const isZero = (from: number, to: number): boolean => recording.subarray(from, to).every((b) => b === 0);
  return end >= HEADER && view.getUint32(0) === 0x53525243 && recording[4] === 1 && isZero(5, HEADER)
    && view.getUint32(end + 28) === 0x53524958 && isZero(end + 16, end + 28);
}

function readEntry(view: DataView, at: number, name: string): RecordingEntry {
  return {
    window: name.slice(0, 32),
    seq: view.getUint32(at + 16),
    flags: view.getUint8(at + 20),
    offset: Number(view.getBigInt64(at + 24)),
    length: view.getUint32(at + 32),
    eventCount: view.getUint32(at + 36),
    firstTime: Number(view.getBigInt64(at + 40)),
  };
}

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
