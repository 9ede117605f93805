/**
 * A picture as the browser shows it: upright, and no larger than a screen needs. What a browser cannot show
 * (PDF, HEIC, TIFF) is shown as the service sends it.
 */

const LONGEST = 2000;

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
  return { url: URL.createObjectURL(blob), width, height, pixels: [canvas.width, canvas.height] };
}

/**
 * What the service sends of a page that the browser cannot show.
 *
 * @param {object} page with `preview`, a JPEG in base64, and where known `preview_to_user`, the way from its
 *   pixels to those of the picture: [[a, c, e], [b, d, f]].
 */
export async function sentPreview(page) {
  if (!page?.preview) return null;
  const bytes = Uint8Array.from(atob(page.preview), (sign) => sign.charCodeAt(0));
  const file = new File([bytes], "page.jpg", { type: "image/jpeg" });
  const shown = await preview(file);
  if (!shown) return null;
  const way = page.preview_to_user;
  const matrix = way ? [way[0][0], way[1][0], way[0][1], way[1][1], way[0][2], way[1][2]] : null;
  return { ...shown, file, width: page.width, height: page.height, matrix };
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
