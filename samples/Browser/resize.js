// Antialiased resize as the library and Pillow do it, byte for byte: a triangle filter with weights of 22 bits, rounded
// to bytes after each of two passes. The canvas of a browser resizes too, but every browser in its own way.
const one = 1 << 22, half = one / 2;

/** RGBA pixels to interleaved RGB bytes of another size. */
export function resize(pixels, width, height, toWidth, toHeight) {
  const columns = weights(width, toWidth), rows = weights(height, toHeight);
  const narrow = new Uint8ClampedArray(toWidth * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < toWidth; x++) {
      const { first, values } = columns[x];
      for (let c = 0; c < 3; c++) {
        let sum = half;
        for (let i = 0; i < values.length; i++) sum += values[i] * pixels[4 * (y * width + first + i) + c];
        narrow[3 * (y * toWidth + x) + c] = Math.floor(sum / one);
      }
    }
  const result = new Uint8ClampedArray(toWidth * toHeight * 3);
  const stride = 3 * toWidth;
  for (let y = 0; y < toHeight; y++) {
    const { first, values } = rows[y];
    for (let i = 0; i < stride; i++) {
      let sum = half;
      for (let j = 0; j < values.length; j++) sum += values[j] * narrow[(first + j) * stride + i];
      result[y * stride + i] = Math.floor(sum / one);
    }
  }
  return result;
}

/** For each new pixel: the first old one that counts, and the weights of it and of those after it. */
function weights(from, to) {
  const scale = from / to, reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + .5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + .5)), end = Math.min(from, Math.floor(centre + reach + .5));
    const values = [];
    for (let j = first; j < end; j++) values.push(Math.max(0, 1 - Math.abs((j + .5 - centre) / reach)));
    const sum = values.reduce((a, b) => a + b, 0);
    return { first, values: values.map(value => Math.round(value / sum * one)) };
  });
}
