/**
 * The readings of a page as a list beside the picture; the chosen one shows its piece of the picture, what
 * else it may be, and why a person should look.
 */
import { lineOf } from "./answer.js";
import { Bars } from "./bars.js";
import { el, percent } from "./dom.js";
import { isDense } from "./sheet.js";
import { statusOf } from "./status.js";

export class Readings {
  /**
   * @param {function(number): void} chosen called when a reading is chosen.
   * @param {function(number|null): void} hovered called with what is under the pointer or has the focus.
   */
  constructor(chosen, hovered) {
    this.chosen = chosen;
    this.hovered = hovered;
    this.bars = new Bars();
    this.node = el("ol.readings");
    this.node.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * @param {object[]} readings
   * @param {HTMLImageElement|null} image the picture; of it, pieces are shown.
   * @param {number} perPixel pixels of the image per pixel of the picture.
   */
  show(readings, image, perPixel) {
    this.readings = readings;
    this.image = image;
    this.perPixel = perPixel;
    this.node.classList.toggle("dense", isDense(readings));
    this.node.replaceChildren(...readings.map((reading, number) => this.#item(reading, number)));
  }

  #item(reading, number) {
    const { sign, word } = statusOf(reading.status);
    const row = el(`button.reading.is-${reading.status}`, { type: "button", "aria-expanded": "false" },
      el("span.sign", { "aria-hidden": "true" }, sign),
      el("span.unseen", {}, `${word}: `),
      el("span.said", {}, reading.name && el("span.field-name", {}, reading.name), lineOf(reading, "span")),
      el("span.sure", {}, reading.text ? percent(reading.confidence) : ""));
    row.addEventListener("click", () => this.chosen(number));
    for (const name of ["pointerenter", "focus"]) row.addEventListener(name, () => this.hovered(number));
    for (const name of ["pointerleave", "blur"]) row.addEventListener(name, () => this.hovered(null));
    return el("li", {}, row);
  }

  #key(event) {
    const rows = [...this.node.querySelectorAll("button.reading")];
    const here = rows.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (here < 0 || to === undefined || !rows[to]) return;
    event.preventDefault();
    rows[to].focus();
    this.chosen(to);
  }

  /** Open one reading, close the others; `withFocus` where one came to it by its box. */
  open(number, withFocus = false) {
    [...this.node.children].forEach((item, k) => {
      item.firstChild.setAttribute("aria-expanded", String(k === number));
      item.querySelector(".detail")?.remove();
      if (k !== number) return;
      item.append(this.#detail(this.readings[number]));
      if (!withFocus) return;
      item.firstChild.focus({ preventScroll: true });
      item.scrollIntoView({ block: "nearest", behavior: "smooth" });
    });
  }

  #detail(reading) {
    const { word, says } = statusOf(reading.status);
    this.bars.show(reading.alternatives.slice(0, 5), reading.status);
    return el("div.detail", {},
      this.#piece(reading),
      el("p.why", {}, el(`strong.is-${reading.status}`, {}, word), " ", reading.reason ? `${reading.reason}.` : says),
      reading.alternatives.length ? this.bars.node : null);
  }

  /** The reading's piece of the picture. */
  #piece(reading) {
    if (!this.image || !reading.box) return null;
    const [left, top, right, bottom] = reading.box;
    const room = 0.12 * Math.min(right - left, bottom - top) + 2;
    const [x, y] = [left - room, top - room].map((v) => Math.max(0, v * this.perPixel));
    const wide = Math.min((right - left + 2 * room) * this.perPixel, this.image.naturalWidth - x);
    const tall = Math.min((bottom - top + 2 * room) * this.perPixel, this.image.naturalHeight - y);
    if (!(wide >= 1 && tall >= 1)) return null;
    const scale = Math.min(2, 720 / wide, 240 / tall);
    const piece = el("canvas.piece", { width: Math.round(wide * scale), height: Math.round(tall * scale), role: "img", "aria-label": "Its piece of the picture" });
    piece.getContext("2d").drawImage(this.image, x, y, wide, tall, 0, 0, piece.width, piece.height);
    return piece;
  }

  /** Make one reading stand out, as its box does. */
  mark(number) {
    [...this.node.children].forEach((item, k) => item.classList.toggle("hot", k === number));
  }
}
