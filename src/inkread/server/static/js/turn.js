/** Below the picture: turn it, straighten it, cut it. Turning by a quarter is read at once, the rest on "Read this part". */
import { el, icon } from "./dom.js";

export class Turn {
  /**
   * @param {Sheet} sheet the picture.
   * @param {Cropper} cropper chooses a part of it.
   * @param {function({rotate: number, crop: number[]|null}): void} done called with how to read it.
   */
  constructor(sheet, cropper, done) {
    this.sheet = sheet;
    this.cropper = cropper;
    this.done = done;
    this.left = el("button.quiet", { type: "button", "aria-label": "Turn left", title: "Turn left", onclick: () => this.#quarter(-90) }, icon("left"));
    this.right = el("button.quiet", { type: "button", "aria-label": "Turn right", title: "Turn right", onclick: () => this.#quarter(90) }, icon("right"));
    this.crop = el("button.quiet", { type: "button", "aria-expanded": "false", onclick: () => (this.cropper.active ? this.#cancel() : this.#open()) }, icon("crop"), "Crop");
    this.whole = el("button.quiet", { type: "button", hidden: true, onclick: () => this.done({ rotate: 0, crop: null }) }, "As it was");
    this.slider = el("input", { type: "range", min: "-45", max: "45", step: "0.5", oninput: () => this.#tilt() });
    this.degrees = el("output.degrees");
    this.panel = el("div.turn-panel", { hidden: true },
      el("p.turn-help", {}, "Drag over what is to be read, or move its sides: Tab, then the arrow keys."),
      el("label.straighten", {}, el("span", {}, "Straighten"), this.slider, this.degrees),
      el("div.turn-buttons", {},
        el("button.main", { type: "button", onclick: () => this.#apply() }, "Read this part"),
        el("button", { type: "button", onclick: () => this.#cancel() }, "Cancel")));
    this.node = el("div.turn", {}, el("div.turn-tools", {}, this.left, this.right, this.crop, this.whole), this.panel);
    for (const part of [this.node, sheet.node]) part.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Work on this job. */
  use(job) {
    if (this.job !== job) this.close();
    this.job = job;
    this.whole.hidden = !job.crop && !job.rotate;
  }

  close() {
    if (!this.cropper.active) return;
    this.cropper.close();
    this.panel.hidden = true;
    this.crop.setAttribute("aria-expanded", "false");
  }

  #quarter(by) {
    const rotate = near(this.job.rotate + by);
    if (this.cropper.active) {
      this.quarters += by;
      this.#tilt();
    } else this.done({ rotate, crop: this.job.crop });
  }

  #open() {
    this.rotate = this.job.rotate;
    this.quarters = 90 * Math.round(this.rotate / 90);
    const tilt = this.rotate - this.quarters;
    this.slider.value = String(tilt);
    this.panel.hidden = false;
    this.crop.setAttribute("aria-expanded", "true");
    this.cropper.open(this.job.crop);
    this.#redraw();
  }

  #tilt() {
    this.rotate = near(this.quarters + Number(this.slider.value));
    this.#redraw();
  }

  #redraw() {
    this.degrees.textContent = `${Number(this.slider.value).toFixed(1)}°`;
    this.sheet.turn(this.rotate);
    this.cropper.draw();
  }

  #apply() {
    const way = { rotate: this.rotate, crop: this.cropper.value };
    this.close();
    this.crop.focus();
    this.done(way);
  }

  #cancel() {
    this.close();
    this.sheet.turn(this.job.rotate);
    this.sheet.outline(this.job.crop);
    this.sheet.redraw();
    this.crop.focus();
  }

  #key(event) {
    if (!this.cropper.active) return;
    if (event.key === "Escape") this.#cancel();
    else if (event.key === "Enter" && event.target.tagName !== "BUTTON") this.#apply();
    else return;
    event.preventDefault();
  }
}

/** The same turn, within half a circle either way. */
const near = (degrees) => ((((degrees + 180) % 360) + 360) % 360) - 180;
