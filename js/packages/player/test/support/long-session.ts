import type { WireEvent } from '@session-replay/format';
import { change, chunk, log, manifest, move, page } from './recordings.ts';
import type { Recording } from './replay-server.ts';

export const START = 1_790_000_000_000;
export const CHUNK_MS = 5000;
/** How large a batch is, as the manifest says. */
export const CHUNK_BYTES = 20_000;
/** The recorder takes a full snapshot every two minutes. */
const SNAPSHOT_EVERY = 24;

/** What the page shows in the chunk of a number. */
export const textOf = (seq: number): string => `moment ${seq}`;

/**
 * A session of one page in which something happens all the time, as the recorder writes it: a batch every five seconds, each ended by its
 * snapshot if it has one.
 */
export function longSession(ms: number, padding = 0): Recording {
  const count = Math.ceil(ms / CHUNK_MS);
  const isSnapshot = (seq: number): boolean => seq % SNAPSHOT_EVERY === 0;
  const times = (seq: number): [number, number] =>
    seq === 0 ? [START, START] : [START + (seq - 1) * CHUNK_MS + 100, START + (seq - 1) * CHUNK_MS + 4900];
  const chunks = Array.from({ length: count }, (_, seq) => ({
    ...chunk(seq, ...times(seq), isSnapshot(seq), [times(seq)]), bytes: CHUNK_BYTES + padding,
  }));
  const id = 'a';
  return {
    manifest: manifest(
      [
        {
          id, clockOffset: 0, from: START, to: times(count - 1)[1], url: 'https://shop.example/', title: 'Shop', closed: true, chunks,
          missing: [],
        },
      ],
      {
        session: {
          bytes: count * (CHUNK_BYTES + padding),
          user: { id: 'u1', name: 'Ada Lovelace', email: 'ada@example.com', traitsJson: '{"plan":"pro"}' },
        },
        markers: Array.from({ length: Math.min(count, 2000) }, (_, i) => ({
          time: times(i)[0], window: id, kind: i % 50 === 7 ? 'error' : 'click', label: i % 50 === 7 ? 'x is undefined' : '',
        })),
      },
    ),
    events: (_, seq) => {
      const [from, to] = times(seq);
      const events: WireEvent[] =
        seq === 0
          ? page(from, textOf(0))
          : [
              move(from),
              change(from + 10, textOf(seq)),
              log(from + 20, seq % 10 === 0 ? 'error' : 'log', `line ${seq} of the console${'.'.repeat(padding)}`),
              move(to - 2),
              ...(isSnapshot(seq) ? page(to - 1, textOf(seq)) : []),
              ...(isSnapshot(seq) ? [] : [move(to)]),
            ];
      return events;
    },
  };
}
