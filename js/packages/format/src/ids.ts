const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** Makes a UUIDv7 (RFC 9562) as 32 lower-case hex digits: 48 bits of time, 74 random ones. */
export function newId(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) {
    bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff;
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return hex(bytes);
}

/** Makes the secret of a session: 16 random bytes as 32 lower-case hex digits. */
export function newSecret(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

/** Turns 32 hex digits into 16 bytes. */
export function idToBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) {
    bytes[i] = parseInt(id.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}

/** Turns bytes into lower-case hex digits. */
export function bytesToHex(bytes: Uint8Array): string {
  return hex(bytes);
}
