import type { StoredBatch } from './stored-batch.ts';

const PREFIX = 'session-replay-unsent/';
/** Leaves most of an origin's local storage (5 million characters in today's browsers) to the application. */
const MAX_CHARACTERS = 1_500_000;
const MAX_AGE_MS = 24 * 3600 * 1000;
const CHUNK = 0x8000;

/**
 * Keeps batches that a page could neither send nor see stored before it went. Local storage and not IndexedDB, because it is the one store
 * that is written before `pagehide` returns.
 */
export const handover = { keep, take, remove, clear };

/** Keeps a batch. Says whether there was room. */
function keep(batch: StoredBatch): boolean {
  try {
    const value = JSON.stringify({ ...batch, bytes: toBase64(batch.bytes) });
    const used = ownKeys().reduce((sum, key) => sum + (localStorage.getItem(key)?.length ?? 0), 0);
    if (used + value.length > MAX_CHARACTERS) {
      return false;
    }
    localStorage.setItem(PREFIX + batch.id, value);
    return true;
  } catch {
    return false; // No storage, or none left.
  }
}

/** Lists what earlier pages kept for an endpoint, and drops what is too old to be taken by the server. */
function take(endpoint: string, now: number): StoredBatch[] {
  return ownKeys().flatMap((key) => {
    const batch = read(key);
    if (!batch || now - batch.createdAt > MAX_AGE_MS) {
      localStorage.removeItem(key);
      return [];
    }
    return batch.endpoint === endpoint ? [batch] : [];
  });
}

/** Forgets a batch that is safe elsewhere. */
function remove(id: string): void {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // No storage: nothing was kept.
  }
}

/** Forgets all batches. */
function clear(): void {
  ownKeys().forEach((key) => localStorage.removeItem(key));
}

function ownKeys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function read(key: string): StoredBatch | undefined {
  try {
    const { bytes, ...batch } = JSON.parse(localStorage.getItem(key) ?? '') as Omit<StoredBatch, 'bytes'> & { bytes: string };
    return { ...batch, bytes: Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0)) };
  } catch {
    return undefined; // Not written by this version: nobody can send it.
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}
