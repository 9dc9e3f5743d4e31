import type { Emit } from '../events.ts';
import type { Failures } from '../failures.ts';
import type { Later } from '../load.ts';
import type { Privacy } from '../masking.ts';
import type { ResolvedOptions } from '../options.ts';

/** What every capturing part gets. It returns a function that undoes all it did to the page. */
export interface CaptureContext {
  emit: Emit;
  /** Counts events that are given up, for instance because there are too many. */
  lost: (count: number) => void;
  failures: Failures;
  options: ResolvedOptions;
  privacy: Privacy;
  /** Knows what was typed into secret fields of this page. */
  secrets: { note: (value: string) => void; has: (text: string) => boolean };
  now: () => number;
  /** What only a page that is recorded loads; undefined when it cannot be loaded. */
  later: Promise<Later | undefined>;
  /** Passes on which files of its own origin the page has loaded. */
  noteLoaded: (urls: string[]) => void;
  /** Runs something before what is recorded goes, on request or with the page: what is waited for has come or will not. */
  beforeSending: (run: () => void) => Stop;
}

/** Undoes what a capturing part did to the page. */
export type Stop = () => void;
