import { captureClicks } from './clicks.ts';
import { captureConsole } from './console.ts';
import type { CaptureContext, Stop } from './capture.ts';
import { captureErrors } from './errors.ts';
import { captureLoads } from './loads.ts';
import { captureNavigation } from './navigation.ts';
import { captureNetwork } from './network.ts';
import { captureSecrets } from './secrets.ts';
import { captureVitals } from './vitals.ts';

/** Starts all that is captured besides the DOM. One that fails keeps no other from starting. */
export function startCaptures(context: CaptureContext): Stop[] {
  const { options, failures } = context;
  const captures: [isWanted: boolean, capture: (context: CaptureContext) => Stop][] = [
    [true, captureSecrets],
    [true, captureNavigation],
    [true, captureErrors],
    [options.console, captureConsole],
    [options.network !== 'off', captureNetwork],
    [options.performance, captureVitals],
    [options.captureAssets, (c) => captureLoads(c, window)],
    [true, captureClicks],
  ];
  return captures.flatMap(([isWanted, capture]) =>
    (isWanted ? [failures.guard('capture', () => capture(context), () => undefined)] : []));
}
