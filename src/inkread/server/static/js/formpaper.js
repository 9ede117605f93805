/** The pages of a form with its fields drawn over them: choose one, drag it, pull its lower right corner. */
import { el, svg } from "./dom.js";

const HANDLE = 3;
const LEAST = 2;

/** All rectangles of a field, and how to put them back. */
export function rectsOf(field) {
  if (field.boxes) return field.boxes;
  if (field.comb) return [field.comb.box];
  if (field.options?.length) return field.options.map((option) => option.box);
  return [field.box];
}

function put(field, rects) {
  if (field.boxes) field.boxes = rects;
  else if (field.comb) field.comb.box = rects[0];
  else if (field.options?.length) field.options.forEach((option, k) => { option.box = rects[k]; });
  else field.box = rects[0];
}

/** The rectangle around some. */
export function around(rects) {
  const of = (k, pick) => pick(...rects.map((rect) => rect[k]));
  return [of(0, Math.min), of(1, Math.min), of(2, Math.max), of(3, Math.max)];
}

const rounded = (value) => Math.round(value * 100) / 100;

export class FormPaper {
  /**
   * @param {function(number)} chosen a field was chosen here.
   * @param {function()} changed a field was moved.
   */
  constructor(chosen, changed) {
    this.chosen = chosen;
    this.changed = changed;
    this.current = -1;
    this.node = el("div.form-paper", {});
  }

  open(form, pictures) {
    this.form = form;
    this.sheets = form.pages.map((page, k) => {
      const drawing = svg("svg", { viewBox: `0 0 ${page.width} ${page.height}`, class: "form-sheet", role: "group", "aria-label": `Page ${k + 1}` });
      if (pictures[k]) drawing.append(svg("image", { href: pictures[k], width: page.width, height: page.height, preserveAspectRatio: "none" }));
      drawing.append(svg("g", {}));
      drawing.addEventListener("pointerdown", (event) => this.#grab(event, drawing));
      return drawing;
    });
    this.node.replaceChildren(...this.sheets);
    this.draw();
  }

  choose(number) {
    this.current = number;
    this.draw();
  }

  draw() {
    const groups = this.sheets.map((sheet) => sheet.lastChild);
    groups.forEach((group) => group.replaceChildren());
    this.form.fields.forEach((field, number) => {
      const group = groups[(field.page ?? 1) - 1];
      if (!group) return;
      const isHere = number === this.current;
      for (const rect of rectsOf(field)) group.append(box(rect, isHere ? "field here" : "field", number));
      const bounds = around(rectsOf(field));
      if (isHere) group.append(box([bounds[2] - HANDLE / 2, bounds[3] - HANDLE / 2, bounds[2] + HANDLE / 2, bounds[3] + HANDLE / 2], "handle", number));
    });
  }

  /** Drag what lies under the pointer until it is let go. */
  #grab(event, sheet) {
    const number = Number(event.target.dataset?.number ?? -1);
    if (number < 0 || event.button) return;
    event.preventDefault();
    const pulls = event.target.classList.contains("handle");
    if (number !== this.current) this.chosen(number);
    const field = this.form.fields[number];
    const page = this.form.pages[(field.page ?? 1) - 1];
    const begin = rectsOf(field).map((rect) => [...rect]);
    const start = place(event, sheet);
    const move = (moved) => {
      const [x, y] = place(moved, sheet).map((value, k) => value - start[k]);
      put(field, pulls ? pulled(begin, x, y, page) : shifted(begin, x, y, page));
      this.draw();
      this.changed();
    };
    const end = () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  }
}

function box([left, top, right, bottom], name, number) {
  return svg("rect", { x: left, y: top, width: right - left, height: bottom - top, class: name, "data-number": number });
}

/** Where a pointer is on the paper, millimetres. */
function place(event, sheet) {
  const at = sheet.getBoundingClientRect();
  const view = sheet.viewBox.baseVal;
  return [((event.clientX - at.left) * view.width) / at.width, ((event.clientY - at.top) * view.height) / at.height];
}

/** Moved by so much, and kept on the paper. */
function shifted(rects, x, y, page) {
  const [left, top, right, bottom] = around(rects);
  const dx = Math.min(Math.max(x, -left), page.width - right);
  const dy = Math.min(Math.max(y, -top), page.height - bottom);
  return rects.map((r) => [r[0] + dx, r[1] + dy, r[2] + dx, r[3] + dy].map(rounded));
}

/** Stretched from the upper left corner, all rectangles alike. */
function pulled(rects, x, y, page) {
  const [left, top, right, bottom] = around(rects);
  const wide = Math.max(LEAST * rects.length, Math.min(right + x, page.width) - left) / (right - left);
  const high = Math.max(LEAST, Math.min(bottom + y, page.height) - top) / (bottom - top);
  return rects.map((r) => [left + (r[0] - left) * wide, top + (r[1] - top) * high, left + (r[2] - left) * wide, top + (r[3] - top) * high].map(rounded));
}
