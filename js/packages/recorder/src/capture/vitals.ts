import type { Metric } from 'web-vitals';
import type { CaptureContext, Stop } from './capture.ts';

/** Captures the web vitals with Google's own library. They come late, some only when the page is hidden. */
export function captureVitals(context: CaptureContext): Stop {
  let stopped = false;
  const emit = (metric: Metric): void => {
    if (!stopped) {
      context.emit({ time: context.now(), performance: { name: metric.name, value: metric.value, rating: metric.rating, target: '' } });
    }
  };
  void context.later.then((later) => context.failures.guard('vitals', () => {
    if (later && !stopped) {
      [later.onCLS, later.onFCP, later.onINP, later.onLCP, later.onTTFB].forEach((on) => on(emit));
    }
  }, undefined));
  // The library has no way to stop; what it reports later is dropped.
  return () => {
    stopped = true;
  };
}
