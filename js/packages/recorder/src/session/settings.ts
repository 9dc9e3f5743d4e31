import type { ResolvedOptions } from '../options.ts';

/** What the server sends a recorder (docs/http-api.md). */
export interface ServerSettings {
  enabled: boolean;
  sampleRate: number;
  maskAllText: boolean;
  recordNetworkBodies: boolean;
  recordConsole: boolean;
  respectDoNotTrack: boolean;
  recordAssets: boolean;
  version: string;
  limits: { batchBytes: number; idleMs: number; sessionMs: number };
}

/** Asks the server. A failure gives nothing: the page's own options then decide alone, and ingest still has the last word. */
export async function fetchSettings(endpoint: string, writeKey: string, get: typeof fetch): Promise<ServerSettings | undefined> {
  try {
    const response = await get(`${endpoint}/v1/settings?key=${encodeURIComponent(writeKey)}`, { credentials: 'omit' });
    return response.ok
      ? ((await response.json()) as ServerSettings)
      : response.status === 401 || response.status === 403
        ? disabled
        : undefined;
  } catch {
    return undefined;
  }
}

const disabled: ServerSettings = {
  enabled: false,
  sampleRate: 0,
  maskAllText: true,
  recordNetworkBodies: false,
  recordConsole: false,
  respectDoNotTrack: true,
  recordAssets: false,
  version: '',
  limits: { batchBytes: 16_777_216, idleMs: 1_800_000, sessionMs: 86_400_000 },
};

/** Takes the stricter of each. */
export function stricter(options: ResolvedOptions, settings: ServerSettings): ResolvedOptions {
  return {
    ...options,
    sampleRate: settings.enabled ? Math.min(options.sampleRate, settings.sampleRate) : 0,
    maskAllText: options.maskAllText || settings.maskAllText,
    network: options.network === 'full' && !settings.recordNetworkBodies ? 'metadata' : options.network,
    console: options.console && settings.recordConsole,
    respectDoNotTrack: options.respectDoNotTrack || settings.respectDoNotTrack,
    // A server of a version before this setting does not speak of it.
    captureAssets: options.captureAssets && settings.recordAssets !== false,
  };
}
