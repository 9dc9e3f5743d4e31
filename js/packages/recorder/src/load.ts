import type { Failures } from './failures.ts';
import type { ResolvedOptions } from './options.ts';

/** What is loaded after the first snapshot. */
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

/** Loads what is not needed at once; gives nothing when it cannot be loaded. */
export async function loadLater(url: string, failures: Failures): Promise<Later | undefined> {
  try {
    return (await load(url)) as Later;
  } catch (error) {
    failures.report('later', error);
    return undefined;
  }
}
