import { FormatRejected } from '../reject.ts';
import { ByteReader } from './byte-reader.ts';

/**
 * Reads only the times of the events in a DOM block, in ms since the Unix epoch.
 * @throws FormatRejected A rule of the format is broken.
 */
export function readDomTimes(block: Uint8Array): number[] {
  return readTimes(new ByteReader(block));
}

/** Reads the times that begin a DOM block. */
export function readTimes(reader: ByteReader): number[] {
  const times = new Array<number>(reader.count(Infinity));
  let last = 0;
  for (let i = 0; i < times.length; i++) {
    last += reader.signed();
    if (!(last >= 1 && last <= Number.MAX_SAFE_INTEGER)) {
      throw new FormatRejected('B5', 'An event has a time that is out of range.');
    }
    times[i] = last;
  }
  return times;
}
