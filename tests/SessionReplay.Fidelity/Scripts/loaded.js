// Waits until the images of a document and the frames in it are loaded, for 20 s at most. Applied to a document.
// The frames of a page that is replayed are written, and never end to load.
async (root) => {
  const isLive = root === document;
  const isLoaded = (document) => [...document.images].every((image) => image.complete || image.loading === 'lazy')
    && [...document.querySelectorAll('iframe, frame')].every(({ contentDocument: inner }) => !inner || ((!isLive || inner.readyState === 'complete') && isLoaded(inner)));
  for (const end = performance.now() + 20_000; root && !isLoaded(root) && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
