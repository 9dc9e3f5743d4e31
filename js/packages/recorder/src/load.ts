import type { Failures } from './failures.ts';
import type { ResolvedOptions } from './options.ts';

/** How long a recording waits for `Later` before it begins without it. */
const LATER_MS = 3000;

/** What only a page that is recorded needs: the page's script is loaded by all. */
export type Later = typeof import('./later.ts');

/** The addresses of the recorder's other files. */
export interface Files {
  worker: string;
  /** A module with the worker's code. */
  fallback: string;
  later: string;
}

/** Gives where the files are: an application that serves the worker itself serves the others beside it. */
export function filesOf({ workerUrl, endpoint }: ResolvedOptions): Files {
  const worker = new URL(workerUrl ?? `${endpoint}/recorder.worker.js`, document.baseURI).href;
  return { worker, fallback: new URL('recorder.fallback.mjs', worker).href, later: new URL('recorder.later.mjs', worker).href };
}

/** Loads a module of the recorder's own. */
export function load(url: string): Promise<unknown> {
  return import(url);
}

/** Loads `Later`; gives nothing when it cannot be loaded. */
export async function loadLater(options: ResolvedOptions, failures: Failures): Promise<Later | undefined> {
  try {
    return (await load(filesOf(options).later)) as Later;
  } catch (error) {
    failures.report('later', error);
    return undefined;
  }
}

/** Waits for `Later`, but not for long: a page that goes before it has come cannot send what it holds. */
export function waitFor(later: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LATER_MS);
    // The page may have replaced what `Promise` has beside its constructor.
    void (async () => {
      await later;
      resolve();
    })();
  });
}
