/**
 * A canvas as a grey picture file, made at once: the browser's own encoders answer some frames later, which
 * is longer than it takes to read a digit.
 */

const HEADER = 54;
const PALETTE = 1024;

/**
 * An 8-bit grey BMP.
 *
 * @param {HTMLCanvasElement} canvas opaque; its red channel is taken.
 * @param {string} name what the file is called.
 * @returns {File}
 */
export function grayBitmap(canvas, name) {
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const stride = (width + 3) & ~3;
  const bytes = new Uint8Array(HEADER + PALETTE + stride * height);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x424d);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, HEADER + PALETTE, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  view.setUint32(34, stride * height, true);
  view.setUint32(46, 256, true);
  for (let grey = 0; grey < 256; grey += 1) bytes.fill(grey, HEADER + 4 * grey, HEADER + 4 * grey + 3);
  for (let y = 0; y < height; y += 1) {
    const row = HEADER + PALETTE + (height - 1 - y) * stride;
    for (let x = 0; x < width; x += 1) bytes[row + x] = pixels[4 * (y * width + x)];
  }
  return new File([bytes], name, { type: "image/bmp" });
}
