import type { RecorderOptions } from './options.ts';

/** Reads the options of a script tag's data attributes; nothing when it has no `data-write-key`. */
export function readScriptOptions(script: HTMLScriptElement): { writeKey: string; options: RecorderOptions } | undefined {
  const data = script.dataset;
  if (!data['writeKey']) {
    return undefined;
  }
  const number = (text: string | undefined) => (text ? Number(text) : undefined);
  const flag = (text: string | undefined) => (text === undefined ? undefined : text !== 'false');
  const options: RecorderOptions = {
    endpoint: data['endpoint'] ?? new URL('.', script.src).href,
    consent: data['consent'] === 'required' ? 'required' : 'granted',
    sampleRate: number(data['sampleRate']),
    mode: data['mode'] === 'onError' ? 'onError' : 'always',
    bufferSeconds: number(data['bufferSeconds']),
    maskSelector: data['maskSelector'],
    blockSelector: data['blockSelector'],
    unmaskInputSelector: data['unmaskInputSelector'],
    appVersion: data['appVersion'],
    workerUrl: data['workerUrl'],
    user: data['userId'] ? { id: data['userId'], email: data['userEmail'], name: data['userName'] } : undefined,
    maskAllText: flag(data['maskAllText']) ?? false,
    console: flag(data['console']) ?? true,
    performance: flag(data['performance']) ?? true,
    network: data['network'] === 'full' || data['network'] === 'off' ? data['network'] : 'metadata',
    captureAssets: flag(data['captureAssets']) ?? true,
    respectDoNotTrack: flag(data['respectDoNotTrack']) ?? false,
  };
  return { writeKey: data['writeKey'], options };
}
