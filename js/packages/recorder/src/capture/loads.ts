import type { CaptureContext, Stop } from './capture.ts';

/** More addresses than this are not told. */
const MAX_LOADS = 2000;

/** Says which files of its own origin the page has loaded: only of those is it certain that the browser can give them once more without asking the site. */
export function captureLoads({ failures }: CaptureContext, tell: (urls: string[]) => void): Stop {
  if (typeof PerformanceObserver === 'undefined') {
    return () => undefined;
  }
  let count = 0;
  const own = `${location.origin}/`;
  const observer = new PerformanceObserver((list) => failures.guard('loads', () => {
    const urls = list.getEntries().map(({ name }) => name).filter((name) => name.startsWith(own)).slice(0, MAX_LOADS - count);
    count += urls.length;
    if (urls.length > 0) {
      tell(urls);
    }
  }, undefined));
  observer.observe({ type: 'resource', buffered: true });
  return () => observer.disconnect();
}
