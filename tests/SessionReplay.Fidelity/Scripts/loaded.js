// Waits until the images of a document and of the frames in it are there, for 20 s at most. Applied to a document.
async (root) => {
  const isLoaded = (document) => [...document.images].every((image) => image.complete || image.loading === 'lazy')
    && [...document.querySelectorAll('iframe, frame')].every((frame) => !frame.contentDocument || isLoaded(frame.contentDocument));
  for (const end = performance.now() + 20_000; root && !isLoaded(root) && performance.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
