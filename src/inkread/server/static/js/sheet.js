/**
 * A picture with what was read on it: a box around each reading, in the colour of its state and with a line of
 * its own (whole, dashed, dotted), so that nobody needs the colours.
 *
 * Readings speak in pixels of the picture as it was given; the sheet may show it turned. `place` goes from the
 * first to the second, `back` the other way.
 */
import { percent, svg } from "./dom.js";
import { statusOf } from "./status.js";

const LETTER = 15;
/** CSS pixels of the letters on a flag. */
const MOST_FLAGS = 24;
const LONGEST_FLAG = 14;
/** So many long boxes are lines of a text: drawn lightly, their signs beside them, so that it can still be read. */
const DENSE = 5;
const LONG = 3;

/** Whether readings are the lines of a text rather than a few marks. */
export const isDense = (readings) =>
  readings.length >= DENSE && readings.filter(({ box }) => box && box[2] - box[0] > LONG * (box[3] - box[1])).length > readings.length / 2;

export class Sheet {
  /**
   * @param {function(number): void} chosen called with the number of the box that was clicked.
   * @param {function(number|null): void} hovered called with the box under the pointer, null for none.
   */
  constructor(chosen, hovered) {
    this.chosen = chosen;
    this.hovered = hovered;
    this.picture = svg("g");
    this.shade = svg("path", { class: "shade", "fill-rule": "evenodd" });
    this.boxes = svg("g");
    this.flags = svg("g", { class: "flags" });
    this.over = svg("g");
    this.node = svg("svg", { class: "sheet", role: "img", "aria-label": "The picture" },
      this.picture, this.shade, this.boxes, this.flags, this.over);
    this.readings = [];
    new ResizeObserver(() => this.#drawFlags()).observe(this.node);
  }

  /**
   * @param {object} shown `url`, `width`, `height` of the picture.
   * @param {object[]} readings
   * @param {{rotate: number, crop: number[]|null}} way how it is turned, and what part is read.
   */
  show(shown, readings, way) {
    this.size = [shown.width, shown.height];
    this.readings = readings;
    const image = svg("image", { href: shown.url, width: shown.width, height: shown.height, preserveAspectRatio: "none" });
    this.picture.replaceChildren(image);
    this.turn(way.rotate);
    this.outline(way.crop);
    this.node.setAttribute("aria-label", `The picture, with ${readings.length} boxes`);
    this.redraw();
  }

  /** Show the picture turned by so many degrees, clockwise. */
  turn(degrees) {
    const [width, height] = this.size;
    const angle = (degrees * Math.PI) / 180;
    this.cos = Math.cos(angle);
    this.sin = Math.sin(angle);
    this.wide = Math.abs(width * this.cos) + Math.abs(height * this.sin);
    this.tall = Math.abs(width * this.sin) + Math.abs(height * this.cos);
    this.node.setAttribute("viewBox", `0 0 ${this.wide} ${this.tall}`);
    this.node.style.aspectRatio = `${this.wide} / ${this.tall}`;
    this.node.style.setProperty("--shape", this.wide / this.tall);
    const middle = `translate(${this.wide / 2} ${this.tall / 2}) rotate(${degrees}) translate(${-width / 2} ${-height / 2})`;
    this.picture.setAttribute("transform", middle);
  }

  /** From pixels of the picture to places on the sheet. */
  place([x, y]) {
    const [across, down] = [x - this.size[0] / 2, y - this.size[1] / 2];
    return [across * this.cos - down * this.sin + this.wide / 2, across * this.sin + down * this.cos + this.tall / 2];
  }

  /** From places on the sheet to pixels of the picture. */
  back([x, y]) {
    const [across, down] = [x - this.wide / 2, y - this.tall / 2];
    return [across * this.cos + down * this.sin + this.size[0] / 2, -across * this.sin + down * this.cos + this.size[1] / 2];
  }

  /** Where a pointer is, in pixels of the picture. */
  pixel(event) {
    const to = this.node.getScreenCTM().inverse();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(to);
    return this.back([at.x, at.y]);
  }

  /** Pixels of the picture per pixel of the screen. */
  get scale() {
    return this.wide / (this.node.clientWidth || this.wide);
  }

  /** Darken what lies outside of the part that is read. */
  outline(crop) {
    if (!crop) {
      this.shade.setAttribute("d", "");
      return;
    }
    const path = (points) => `M${points.map((p) => this.place(p).join(" ")).join("L")}Z`;
    this.shade.setAttribute("d", path(corners([0, 0, ...this.size])) + path(corners(crop)));
  }

  /** Draw the boxes where the picture now stands. */
  redraw() {
    this.node.classList.toggle("dense", isDense(this.readings));
    this.boxes.replaceChildren(...this.readings.map((reading, number) => {
      const shape = svg("polygon", { class: `box is-${reading.status}` });
      const outline = reading.polygon ?? (reading.box ? corners(reading.box) : []);
      shape.setAttribute("points", outline.map((p) => this.place(p).join(",")).join(" "));
      shape.append(svg("title", {}, titleOf(reading)));
      shape.addEventListener("click", () => this.chosen(number));
      shape.addEventListener("pointerenter", () => this.hovered(number));
      shape.addEventListener("pointerleave", () => this.hovered(null));
      return shape;
    }));
    this.#drawFlags();
  }

  /** Small flags with what was read, as large on the screen whatever the picture's size. */
  #drawFlags() {
    this.flags.replaceChildren();
    if (!this.readings.length || !this.node.clientWidth) return;
    const unit = this.scale;
    const isText = isDense(this.readings);
    const few = this.readings.length <= MOST_FLAGS && !isText;
    for (const reading of this.readings) {
      const isPlain = reading.status === "accepted";
      const isShort = reading.text.length <= LONGEST_FLAG;
      if (!reading.box || (!few && isPlain)) continue;
      const words = few && isShort && reading.text ? `${statusOf(reading.status).sign} ${reading.text}` : statusOf(reading.status).sign;
      this.#flag(reading, words, unit, isText);
    }
  }

  /** A flag stands on its box; of lines of a text, beside it, where it covers no other line. */
  #flag(reading, words, unit, isBeside) {
    const points = (reading.polygon ?? corners(reading.box)).map((p) => this.place(p));
    const left = Math.min(...points.map((p) => p[0]));
    const top = Math.min(...points.map((p) => p[1]));
    const text = svg("text", { x: 6 * unit, y: 15.5 * unit, "font-size": LETTER * unit }, words);
    const back = svg("rect", { height: 21 * unit, rx: 4 * unit });
    const flag = svg("g", { class: `flag is-${reading.status}` }, back, text);
    this.flags.append(flag);
    const wide = text.getComputedTextLength() + 12 * unit;
    back.setAttribute("width", wide);
    const middle = (top + Math.max(...points.map((p) => p[1]))) / 2;
    const [x, y] = isBeside ? [left - wide - 3 * unit, middle - 8 * unit] : [Math.min(left, this.wide - wide), top - 22 * unit];
    const size = isBeside ? " scale(0.75)" : "";
    flag.setAttribute("transform", `translate(${Math.max(0, x)} ${Math.max(0, y)})${size}`);
  }

  /** Make one box stand out. */
  mark(number, how) {
    for (const [k, box] of [...this.boxes.children].entries()) box.classList.toggle(how, k === number);
  }

  /** Whether the boxes can be seen; while a part is chosen they are in the way. */
  set quiet(isQuiet) {
    this.node.classList.toggle("quiet", isQuiet);
  }
}

/** The corners of a box, clockwise from the upper left. */
export const corners = ([left, top, right, bottom]) => [[left, top], [right, top], [right, bottom], [left, bottom]];

const titleOf = (r) =>
  [r.text || "not read", `${statusOf(r.status).word}${r.text ? `, ${percent(r.confidence)}` : ""}`, r.reason].filter(Boolean).join("\n");
