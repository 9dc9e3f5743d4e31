import { bytesToHex } from './ids.ts';
import { FormatRejected } from './reject.ts';

const HEADER = 160;
const TAG = 16;

/** The last millisecond of the year 9999. */
const MAX_TIME = 253_402_300_799_999;

/** The plaintext header of a chunk (docs/format/v1.md, section 3). */
export interface ChunkHeader {
  compression: 0 | 1;
  flags: number;
  tenant: string;
  session: string;
  window: string;
  seq: number;
  eventCount: number;
  firstTime: number;
  lastTime: number;
  sessionStarted: number;
  batchLength: number;
  payloadLength: number;
  /** Distinguishes the batch from another one with its name, 24 hex digits. */
  digest: string;
}

/** Reads and checks a header (rules C1 to C3 and C8). It is authentic only once the chunk was opened. */
export function readChunkHeader(chunk: Uint8Array): ChunkHeader {
  if (chunk.length < HEADER) {
    throw new FormatRejected('C1', 'The chunk is shorter than its header.');
  }
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const compression = chunk[6]!;
  if (view.getUint32(0) !== 0x5352434b || chunk[4] !== 1 || chunk[5] !== 1 || compression > 1 || chunk[7]! > 7) {
    throw new FormatRejected('C2', 'A field of the header is unknown.');
  }
  const tenant = new TextDecoder().decode(chunk.subarray(8, 48)).replace(/\0+$/, '');
  const session = bytesToHex(chunk.subarray(48, 64));
  const window = bytesToHex(chunk.subarray(64, 80));
  const isV7 = (id: string) => /^.{12}7.{3}[89ab]/.test(id);
  if (!/^[a-z0-9][a-z0-9_-]{0,39}$/.test(tenant) || !isV7(session) || !isV7(window)) {
    throw new FormatRejected('C3', 'The tenant, session or window of the chunk is not a name.');
  }
  const [firstTime, lastTime, sessionStarted] = [88, 96, 104].map((at) => Number(view.getBigInt64(at))) as [number, number, number];
  if ([firstTime, lastTime, sessionStarted].some((time) => time < 0 || time > MAX_TIME) || firstTime > lastTime) {
    throw new FormatRejected('C8', 'A time of the chunk is out of range, or its first is after its last.');
  }
  return {
    compression: compression as 0 | 1,
    flags: chunk[7]!,
    tenant,
    session,
    window,
    seq: view.getUint32(80),
    eventCount: view.getUint32(84),
    firstTime,
    lastTime,
    sessionStarted,
    batchLength: view.getUint32(112),
    payloadLength: view.getUint32(116),
    digest: bytesToHex(chunk.subarray(148, HEADER)),
  };
}

/** What opens the chunks of a session (section 3.1). */
export interface ChunkKey {
  key: CryptoKey;
  commitment: Uint8Array;
}

/** Imports a chunk key, 32 bytes, with the commitment to it, 16 bytes. */
export async function importChunkKey(key: Uint8Array<ArrayBuffer>, commitment: Uint8Array): Promise<ChunkKey> {
  return { key: await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']), commitment };
}

/** Derives the chunk key from a session's key. */
export async function deriveChunkKey(sessionKey: Uint8Array<ArrayBuffer>, tenant: string, session: Uint8Array): Promise<ChunkKey> {
  const okm = await hkdfExpand(sessionKey, chunkInfo(tenant, session), 48);
  return importChunkKey(okm.slice(0, 32), okm.slice(32));
}

/** Opens a chunk (rules C1 to C3, C5, C6 and C8) and gives its payload. The caller compares its names with what was asked for (rule C4). */
export async function openChunk(
  chunk: Uint8Array<ArrayBuffer>,
  { key, commitment }: ChunkKey,
): Promise<{ header: ChunkHeader; payload: Uint8Array<ArrayBuffer> }> {
  const header = readChunkHeader(chunk);
  if (chunk.length !== HEADER + header.payloadLength + TAG) {
    throw new FormatRejected('C1', 'The length of the chunk does not match the length that its header declares.');
  }
  if (!chunk.subarray(132, 148).every((byte, at) => byte === commitment[at])) {
    throw new FormatRejected('C5', 'The chunk was not sealed under this key.');
  }
  try {
    const payload = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: chunk.subarray(120, 132), additionalData: chunk.subarray(0, HEADER) }, key, chunk.subarray(HEADER));
    return { header, payload: new Uint8Array(payload) };
  } catch {
    throw new FormatRejected('C6', 'The chunk is not authentic.');
  }
}

function chunkInfo(tenant: string, session: Uint8Array): Uint8Array<ArrayBuffer> {
  const label = new TextEncoder().encode('sessionreplay/v1/chunk');
  const name = new TextEncoder().encode(tenant);
  return new Uint8Array([...label, name.length, ...name, ...session]);
}

/** HKDF-Expand of RFC 5869; WebCrypto offers it only together with Extract. */
async function hkdfExpand(key: Uint8Array<ArrayBuffer>, info: Uint8Array, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const hmac = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const output = new Uint8Array(Math.ceil(length / 32) * 32);
  let block = new Uint8Array(0);
  for (let i = 1; (i - 1) * 32 < length; i++) {
    block = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, new Uint8Array([...block, ...info, i])));
    output.set(block, (i - 1) * 32);
  }
  return output.slice(0, length);
}
