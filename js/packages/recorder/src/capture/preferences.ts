import { record } from '@rrweb/record';
import { MEDIA, PREFERENCES } from '@session-replay/format';
import type { Visit } from './admission.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { emitAttributes } from './own-events.ts';

/** Records what the visitor prefers: dark pages, less motion, more contrast. The page's styles may depend on it. */
export function capturePreferences(context: CaptureContext): { visit: Visit; stop: Stop } {
  const lists = PREFERENCES.map(([feature, values]) => values.map((value) => [value, matchMedia(`(${feature}: ${value})`)] as const));
  const current = (): string => lists.map((list) => list.find(([, { matches }]) => matches)?.[0] ?? list[0]![0]).join(' ');
  let recorded = '';
  const onChange = (): void => context.failures.guard('preferences', () => {
    const id = record.mirror.getId(document.documentElement);
    // One change of the system is a change of several conditions.
    if (id > 0 && current() !== recorded) {
      recorded = current();
      emitAttributes(context, context.now(), [{ id, attributes: { [MEDIA]: recorded } }]);
    }
  }, undefined);
  lists.flat().forEach(([, list]) => list.addEventListener('change', onChange));
  return {
    visit: (attributes, _, node) => {
      if (node?.tagName === 'html') {
        attributes[MEDIA] = recorded = current();
      }
    },
    stop: () => lists.flat().forEach(([, list]) => list.removeEventListener('change', onChange)),
  };
}
