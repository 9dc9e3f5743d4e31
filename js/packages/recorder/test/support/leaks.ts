import { useHarness, type Harness } from './harness.ts';

/** What a test puts where it must not leave the page from: the word "leak", with a number. */
export interface Leaks {
  h: Harness;
  /** The words that were sent nevertheless. */
  leaks: () => string[];
  /** Has the recorder take a fresh full snapshot of the page as it is now. */
  again: () => Promise<void>;
}

/** Registers the browser, and what looks for leaks in all that was sent. */
export function useLeaks(): Leaks {
  const h = useHarness();
  return {
    h,
    leaks: () => [...new Set(h.allText().match(/leak[\w-]*/g) ?? [])],
    again: () => h.page.evaluate(async () => {
      window.SessionReplay!.current()!.stop();
      window.SessionReplay!.current()!.start();
      await window.SessionReplay!.current()!.ready;
    }),
  };
}
