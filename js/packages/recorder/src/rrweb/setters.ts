import type { Stop } from '../capture/capture.ts';
import { watchSets } from '../capture/wrap.ts';
import { report } from './errors.ts';

/**
 * Notices what a page's code assigns to a field, once the browser has taken it: in place of rrweb's. A turn's assignments are read once.
 */
export function hookSetter(target: object, name: string, { set }: { set: (this: object) => void }): Stop {
  const assigned = new Set<object>();
  const look = (): void => {
    const fields = [...assigned];
    assigned.clear();
    fields.forEach((field) => set.call(field));
  };
  return watchSets(
    target,
    name,
    (self) => ({
      done: () => {
        if (assigned.size === 0) {
          setTimeout(look, 0);
        }
        assigned.add(self as object);
      },
    }),
    report,
  );
}
