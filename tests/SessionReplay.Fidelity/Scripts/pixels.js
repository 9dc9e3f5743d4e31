// Gives the share of pixels that differ between two PNG images in base64, and where the first row of such pixels is.
async ([live, replay]) => {
  const pixels = await Promise.all([live, replay].map(async (image) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${image}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  }));
  const [a, b] = pixels;
  if (a.width !== b.width || a.height !== b.height) {
    return { share: 1, box: `live ${a.width}x${a.height}, replay ${b.width}x${b.height}` };
  }
  let [count, left, top, right, bottom] = [0, Infinity, Infinity, 0, 0];
  for (let i = 0; i < a.data.length; i += 4) {
    if (Math.max(Math.abs(a.data[i] - b.data[i]), Math.abs(a.data[i + 1] - b.data[i + 1]), Math.abs(a.data[i + 2] - b.data[i + 2])) > 40) {
      const [x, y] = [(i / 4) % a.width, Math.floor(i / 4 / a.width)];
      [count, left, top, right, bottom] = [count + 1, Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
  }
  return { share: count / (a.width * a.height), box: `${left},${top} to ${right},${bottom}` };
}
