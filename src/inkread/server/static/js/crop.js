/**
 * Choose the part of a picture that is read, by mouse, finger or keys: drag a new frame, drag its handles or
 * the frame itself; with keys each side is a slider that the arrows move.
 */
import { svg } from "./dom.js";
import { corners } from "./sheet.js";

const SIDES = ["left", "top", "right", "bottom"];
/** Which of left, top, right, bottom a handle moves. */
const HANDLES = [[0], [1], [2], [3], [0, 1], [2, 1], [2, 3], [0, 3]];
const LEAST = 8;
/** Pixels of the smallest part. */

export class Cropper {
  /** @param {Sheet} sheet the picture. */
  constructor(sheet) {
    this.sheet = sheet;
    this.frame = svg("polygon", { class: "crop-frame" });
    this.handles = HANDLES.map((sides) => this.#handle(sides));
    this.node = svg("g", {}, this.frame, ...this.handles);
    this.drag = null;
    for (const [name, act] of [["pointerdown", "down"], ["pointermove", "move"], ["pointerup", "up"], ["pointercancel", "up"]]) {
      sheet.node.addEventListener(name, (event) => this.active && this[act](event));
    }
    new ResizeObserver(() => this.active && this.draw()).observe(sheet.node);
  }

  get active() {
    return this.node.isConnected;
  }

  /** Begin with this part, or with all of the picture. */
  open(crop) {
    const [width, height] = this.sheet.size;
    this.crop = crop ? [...crop] : [0, 0, width, height];
    this.sheet.quiet = true;
    this.sheet.over.append(this.node);
    this.sheet.node.setAttribute("role", "group");
    this.draw();
    this.handles[0].focus();
  }

  close() {
    this.node.remove();
    this.sheet.node.setAttribute("role", "img");
    this.sheet.quiet = false;
  }

  /** The part in whole pixels; null where it is all of the picture. */
  get value() {
    const [width, height] = this.sheet.size;
    const [left, top, right, bottom] = this.crop.map(Math.round);
    return left <= 0 && top <= 0 && right >= width && bottom >= height ? null : [left, top, right, bottom];
  }

  draw() {
    const { sheet, crop } = this;
    sheet.outline(crop);
    this.frame.setAttribute("points", corners(crop).map((p) => sheet.place(p).join(",")).join(" "));
    const [left, top, right, bottom] = crop;
    const middle = [(left + right) / 2, (top + bottom) / 2];
    this.handles.forEach((handle, number) => {
      const at = [...middle];
      for (const side of HANDLES[number]) at[side % 2] = crop[side];
      const [x, y] = sheet.place(at);
      handle.setAttribute("transform", `translate(${x} ${y}) scale(${sheet.scale})`);
      if (HANDLES[number].length === 1) handle.setAttribute("aria-valuenow", Math.round(crop[HANDLES[number][0]]));
      handle.setAttribute("aria-valuemax", sheet.size[HANDLES[number][0] % 2]);
    });
  }

  #handle(sides) {
    const handle = svg("g", { class: "crop-handle" }, svg("circle", { class: "reach", r: 22 }), svg("circle", { class: "knob", r: 8 }));
    handle.dataset.sides = sides.join(" ");
    if (sides.length > 1) {
      handle.setAttribute("aria-hidden", "true");
      return handle;
    }
    const about = { tabindex: 0, role: "slider", "aria-label": `${SIDES[sides[0]]} edge of the part that is read`, "aria-valuemin": 0 };
    for (const [name, value] of Object.entries(about)) handle.setAttribute(name, value);
    handle.addEventListener("keydown", (event) => this.#key(event, sides[0]));
    return handle;
  }

  #key(event, side) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const { sheet } = this;
    const far = sheet.scale * (event.shiftKey ? 40 : 8);
    // The arrow points along the screen; the side may stand across it where the picture is turned.
    const along = [way[0] * sheet.cos + way[1] * sheet.sin, -way[0] * sheet.sin + way[1] * sheet.cos];
    this.#moveSide(side, this.crop[side] + far * along[side % 2]);
    this.draw();
  }

  /** Put a side where it is wanted, but within the picture and clear of the other side. */
  #moveSide(side, to) {
    const most = this.sheet.size[side % 2];
    const other = this.crop[(side + 2) % 4];
    this.crop[side] = side < 2 ? Math.min(Math.max(to, 0), other - LEAST) : Math.max(Math.min(to, most), other + LEAST);
  }

  down(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.sheet.node.setPointerCapture(event.pointerId);
    const sides = event.target.closest?.(".crop-handle")?.dataset.sides;
    const isInside = event.target === this.frame && this.value !== null;
    this.drag = { from: this.sheet.pixel(event), was: [...this.crop], sides: sides?.split(" ").map(Number), isInside };
  }

  move(event) {
    if (!this.drag) return;
    const { from, was, sides, isInside } = this.drag;
    const at = this.sheet.pixel(event);
    if (sides) for (const side of sides) this.#moveSide(side, at[side % 2]);
    else if (isInside) this.#shift(was, at[0] - from[0], at[1] - from[1]);
    else this.#span(from, at);
    this.draw();
  }

  up() {
    this.drag = null;
  }

  #shift([left, top, right, bottom], x, y) {
    const [width, height] = this.sheet.size;
    const across = Math.min(Math.max(x, -left), width - right);
    const down = Math.min(Math.max(y, -top), height - bottom);
    this.crop = [left + across, top + down, right + across, bottom + down];
  }

  /** A new frame from corner to corner, once it is large enough to be meant. */
  #span(from, at) {
    const [width, height] = this.sheet.size;
    const clip = (p) => [Math.min(Math.max(p[0], 0), width), Math.min(Math.max(p[1], 0), height)];
    const [a, b] = [clip(from), clip(at)];
    const box = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    if (box[2] - box[0] >= LEAST && box[3] - box[1] >= LEAST) this.crop = box;
  }
}
