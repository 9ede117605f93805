/**
 * Paper to write on: mouse, finger, pen and keyboard draw strokes; the picture of them is black on white
 * whatever the page looks like.
 *
 * Strokes are kept in units of the pad's height, so that a turned phone or a wider window loses none of them.
 */

const FINEST = 2;
/** Screens with more pixels than this per CSS pixel gain nothing the eye sees, and cost time. */
const STEP = 0.02;
/** How far an arrow key moves the pen, in heights of the pad; four times as far with Shift. */

export class Pad {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLElement} cursor shows where the keyboard's pen is.
   * @param {function(boolean, number): void} changed called with whether a stroke has ended, and when.
   */
  constructor(canvas, cursor, changed) {
    this.canvas = canvas;
    this.cursor = cursor;
    this.changed = changed;
    this.strokes = [];
    this.revision = 0; // changes with every point
    this.width = 0.035;
    this.current = null;
    this.pointer = null;
    this.pen = { x: 0.5, y: 0.5, isDown: false };
    this.context = canvas.getContext("2d", { desynchronized: true });
    this.#listen();
    new ResizeObserver(() => this.fit()).observe(canvas);
    document.addEventListener("themechange", () => this.redraw());
  }

  get isEmpty() {
    return this.strokes.length === 0;
  }

  /** Match the canvas to its place on the screen and draw everything anew. */
  fit() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientHeight) return;
    const fine = Math.min(window.devicePixelRatio || 1, FINEST);
    this.canvas.width = Math.round(clientWidth * fine);
    this.canvas.height = Math.round(clientHeight * fine);
    this.redraw();
  }

  redraw() {
    const { context, canvas } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
    for (const stroke of this.strokes) drawStroke(context, stroke, canvas.height);
  }

  undo() {
    if (this.strokes.pop()) this.#edited();
  }

  clear() {
    this.strokes = [];
    this.pen.isDown = false;
    this.current = null;
    this.#edited();
  }

  #edited() {
    this.revision += 1;
    this.redraw();
    this.changed(true, performance.now());
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => this.#up(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => this.#showCursor(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => this.#showCursor(false));
  }

  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.height, y: (event.clientY - box.top) / box.height };
  }

  #down(event) {
    if (this.pointer !== null || event.button !== 0) return;
    this.#showCursor(false);
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.#begin(this.#place(event));
  }

  #begin(place) {
    this.current = { width: this.width, points: [place] };
    this.strokes.push(this.current);
    this.revision += 1;
    this.#drawTail();
  }

  #move(event) {
    if (event.pointerId !== this.pointer || !this.current) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length ? steps : [event]) {
      this.current.points.push(this.#place(step));
      this.revision += 1;
      this.#drawTail();
    }
    this.changed(false, event.timeStamp);
  }

  #up(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.current = null;
    this.changed(true, event.timeStamp);
    this.redraw(); // drawn piece by piece, a stroke has seams
  }

  /** Draw only what the last point adds. */
  #drawTail() {
    const { context, canvas, current } = this;
    context.strokeStyle = context.fillStyle = getComputedStyle(canvas).color;
    drawStroke(context, current, canvas.height, Math.max(0, current.points.length - 3));
  }

  #key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) this.#step(way, event.shiftKey ? 4 * STEP : STEP);
    else if (event.key === " " || event.key === "Enter") this.#lift();
    else if (event.key === "Backspace") this.undo();
    else if (event.key === "Delete" || event.key === "Escape") this.clear();
    else return;
    event.preventDefault();
    this.#showCursor(true);
  }

  #step([right, down], far) {
    const widest = this.canvas.clientWidth / this.canvas.clientHeight;
    this.pen.x = Math.min(Math.max(this.pen.x + right * far, 0.04), widest - 0.04);
    this.pen.y = Math.min(Math.max(this.pen.y + down * far, 0.04), 0.96);
    if (!this.current || !this.pen.isDown) return;
    this.current.points.push({ x: this.pen.x, y: this.pen.y });
    this.revision += 1;
    this.#drawTail();
    this.changed(false, performance.now());
  }

  #lift() {
    this.pen.isDown = !this.pen.isDown;
    if (this.pen.isDown) this.#begin({ x: this.pen.x, y: this.pen.y });
    else this.current = null;
    this.changed(!this.pen.isDown, performance.now());
  }

  #showCursor(isShown) {
    this.cursor.hidden = !isShown;
    this.cursor.classList.toggle("down", this.pen.isDown);
    this.cursor.style.left = `${this.pen.x * this.canvas.clientHeight}px`;
    this.cursor.style.top = `${this.pen.y * this.canvas.clientHeight}px`;
  }

  /**
   * The ink alone, black on white, cut out with room around it.
   *
   * @param {number} tall height of the ink in pixels, less where it would be wider than `wide`.
   * @param {number} wide
   * @returns {HTMLCanvasElement|null} null where nothing is drawn.
   */
  picture(tall, wide) {
    if (this.isEmpty) return null;
    const [left, top, right, bottom] = bounds(this.strokes);
    const room = 0.22 * Math.max(bottom - top, 0.35 * (right - left), 0.1);
    const scale = Math.min(tall / Math.max(bottom - top, 0.05), wide / Math.max(right - left, 0.05), 1.5 * tall);
    const sheet = document.createElement("canvas");
    sheet.height = Math.max(32, Math.ceil((bottom - top + 2 * room) * scale));
    // A lone upright stroke on a strip no wider than itself could be anything: paper is never narrow.
    sheet.width = Math.max(sheet.height, Math.ceil((right - left + 2 * room) * scale));
    // Drawn by the processor, which encodes it next.
    const context = sheet.getContext("2d", { alpha: false, willReadFrequently: true });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, sheet.width, sheet.height);
    context.translate((sheet.width - scale * (right + left)) / 2, (sheet.height - scale * (bottom + top)) / 2);
    context.strokeStyle = context.fillStyle = "#111";
    for (const stroke of this.strokes) drawStroke(context, stroke, scale);
    return sheet;
  }
}

/** The box around strokes, their width included. */
function bounds(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { width, points } of strokes) {
    for (const { x, y } of points) {
      left = Math.min(left, x - width / 2);
      right = Math.max(right, x + width / 2);
      top = Math.min(top, y - width / 2);
      bottom = Math.max(bottom, y + width / 2);
    }
  }
  return [left, top, right, bottom];
}

/** Draw a stroke from its point number `from` on, smooth through the middles between its points. */
function drawStroke(context, { width, points }, scale, from = 0) {
  const at = (number) => [points[number].x * scale, points[number].y * scale];
  const middle = (number) => [0, 1].map((k) => (at(number - 1)[k] + at(number)[k]) / 2);
  context.lineWidth = width * scale;
  context.lineCap = context.lineJoin = "round";
  if (points.length === 1) {
    context.beginPath();
    context.arc(...at(0), (width * scale) / 2, 0, 7);
    context.fill();
    return;
  }
  context.beginPath();
  context.moveTo(...(from > 0 ? middle(from) : at(0)));
  for (let number = Math.max(from, 1); number < points.length - 1; number += 1) {
    context.quadraticCurveTo(...at(number), ...middle(number + 1));
  }
  context.lineTo(...at(points.length - 1));
  context.stroke();
}
