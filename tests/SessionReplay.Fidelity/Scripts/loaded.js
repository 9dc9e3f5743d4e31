// Waits until the images of a document and the frames in it are loaded, for 20 s at most. Applied to a document.
async (root) => {
  const isLoaded = (document) => [...document.images].every((image) => image.complete || image.loading === 'lazy')
    && [...document.querySelectorAll('iframe, frame')].every(({ contentDocument: inner }) => !inner || (inner.readyState === 'complete' && isLoaded(inner)));
  for (const end = performance.now() + 20_000; root && !isLoaded(root) && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
