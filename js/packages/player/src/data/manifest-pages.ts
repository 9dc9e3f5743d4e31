import type { Manifest, WindowInfo } from './types.ts';

/** Joins the next page of a manifest to those before: a window whose chunks go on is one window. */
export function joinManifest(before: Manifest, page: Manifest): Manifest {
  const windows = new Map(before.windows.map((window) => [window.id, window]));
  for (const window of page.windows) {
    const known = windows.get(window.id);
    windows.set(window.id, known ? joinWindow(known, window) : window);
  }
  return {
    session: page.session,
    windows: [...windows.values()].sort((a, b) => a.from - b.from),
    markers: [...before.markers, ...page.markers].sort((a, b) => a.time - b.time),
    markersTruncated: before.markersTruncated || page.markersTruncated,
    view: page.view,
    nextCursor: page.nextCursor,
  };
}

function joinWindow(before: WindowInfo, page: WindowInfo): WindowInfo {
  return {
    ...page,
    from: Math.min(before.from, page.from),
    to: Math.max(before.to, page.to),
    url: before.url ?? page.url,
    title: before.title ?? page.title,
    chunks: [...before.chunks, ...page.chunks],
    missing: [...before.missing, ...page.missing],
  };
}
