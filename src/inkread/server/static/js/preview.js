/**
 * A picture as the browser shows it: upright, and no larger than a screen needs. What a browser cannot show
 * (PDF, HEIC, TIFF) is shown as the service sends it.
 */

const LONGEST = 2000;
/** How far the shapes of a page and of its picture may differ by rounding. */
const SAME_SHAPE = 0.015;

/**
 * @param {File} file
 * @returns {Promise<{url: string, width: number, height: number, pixels: number[]}|null>} the size of the
 *   upright picture and of its image; null where the browser cannot show it.
 */
export async function preview(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const { width, height } = bitmap;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  return { url: URL.createObjectURL(blob), width, height, pixels: [canvas.width, canvas.height], fits: true };
}

/**
 * What the service sends of a page that the browser cannot show: what was looked at, which may be a part of it.
 *
 * @param {object} page with `preview`, a JPEG in base64.
 * @returns the same as `preview`, its `file`, and whether it `fits` the page, so that boxes can be drawn on it.
 */
export async function sentPreview(page) {
  if (!page?.preview) return null;
  const bytes = Uint8Array.from(atob(page.preview), (sign) => sign.charCodeAt(0));
  const file = new File([bytes], "page.jpg", { type: "image/jpeg" });
  const shown = await preview(file);
  if (!shown) return null;
  const fits = Math.abs((shown.width * page.height) / (shown.height * page.width) - 1) < SAME_SHAPE;
  return fits ? { ...shown, file, fits, width: page.width, height: page.height } : { ...shown, file, fits };
}

/** An image that is ready to be drawn; null where there is none. */
export async function loaded(shown) {
  if (!shown) return null;
  const image = new Image();
  image.src = shown.url;
  try {
    await image.decode();
  } catch {
    return null;
  }
  return image;
}
