/** A record of a stream (docs/http-api.md, "Streams"). */
export function record(head: object, body: Uint8Array = new Uint8Array(0)): Buffer<ArrayBuffer> {
  const text = Buffer.from(JSON.stringify(head));
  return Buffer.concat([length(text), text, length(body), body]);
}

/** The last record of a stream. */
export function end(more = false): Buffer<ArrayBuffer> {
  return record({ end: true, more });
}

function length(bytes: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return size;
}
