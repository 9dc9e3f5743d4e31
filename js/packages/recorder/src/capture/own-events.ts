import { CUSTOM, INCREMENTAL, MUTATION } from '@session-replay/format';
import type { CaptureContext } from './capture.ts';

/** Records an event of the recorder's own, now. */
export function emitCustom({ emit, now }: CaptureContext, tag: string, payload: object): void {
  const time = now();
  emit({ time, dom: { type: CUSTOM, timestamp: time, data: { tag, payload } } });
}

/** Records changed attributes, at a time. */
export function emitAttributes({ emit }: CaptureContext, time: number, attributes: object[]): void {
  emit({ time, dom: { type: INCREMENTAL, timestamp: time, data: { source: MUTATION, texts: [], attributes, removes: [], adds: [] } } });
}
