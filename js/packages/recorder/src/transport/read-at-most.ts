/** Reads a body that is not larger than a bound; a larger one is given up as soon as that shows. */
export async function readAtMost(response: Response, max: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      const bytes = new Uint8Array(length);
      parts.reduce((at, part) => {
        bytes.set(part, at);
        return at + part.length;
      }, 0);
      return bytes;
    }
    parts.push(value);
    length += value.length;
    if (length > max) {
      await reader.cancel();
      return undefined;
    }
  }
}
