/**
 * Write with mouse, finger, pen or keys, and see it read while writing.
 *
 * What is on the pad is sent a moment after it changes and at once when a stroke ends; an answer to older ink
 * is never shown over newer ink.
 */
import { look } from "./api.js";
import { Answer } from "./answer.js";
import { el, icon, say } from "./dom.js";
import { Latest } from "./latest.js";
import { complain, excuse } from "./notices.js";
import { Pad } from "./pad.js";
import { statusOf } from "./status.js";

/**
 * What can be written: the words on the pad, how large its picture is, how thick the pens are (of its height),
 * and what is asked for besides the kind.
 */
const MODES = {
  digit: { name: "Digits", hint: "Write a digit", tall: 110, wide: 900, pens: [0.02, 0.036, 0.06] },
  character: { name: "Letters", hint: "Write a letter", tall: 110, wide: 900, pens: [0.02, 0.036, 0.06], asks: { charset: "letters" } },
  field: { name: "ZIP code", hint: "Write a ZIP code", tall: 110, wide: 1400, pens: [0.025, 0.045, 0.075], asks: { format: "us_zip" } },
  line: { name: "Words", hint: "Write a few words", tall: 120, wide: 1800, pens: [0.02, 0.032, 0.06] },
};
const PENS = ["Fine pen", "Medium pen", "Broad pen"];
/** While the pen moves: the least time between two questions, and the slowest reader that is asked then, in ms. */
const PAUSE = 90;
const QUICK = 160;

export class Draw {
  /**
   * @param {HTMLElement} place the section of the page.
   * @param {object} abilities what `/v1/kinds` says.
   */
  constructor(place, abilities) {
    this.modes = Object.keys(MODES).filter((kind) => canRead(kind, abilities));
    this.kind = this.modes[0] ?? "digit";
    this.pen = 1;
    this.last = { asked: 0, took: 0 };
    this.answer = new Answer();
    this.latest = new Latest((asked, signal) => this.#read(asked, signal));
    this.#build(place);
    this.pad = new Pad(this.canvas, this.cursor, (ended, at) => this.#changed(ended, at));
    this.#choose(this.kind);
    document.addEventListener("keydown", (event) => this.#shortcut(event, place));
  }

  #build(place) {
    this.canvas = el("canvas.pad", {
      tabIndex: 0,
      role: "application",
      "aria-label": "Writing pad",
      "aria-describedby": "pad-keys",
    });
    this.cursor = el("span.pen-cursor", { hidden: true, "aria-hidden": "true" });
    this.hint = el("p.pad-hint", { "aria-hidden": "true" });
    this.frame = el("div.pad-frame", {}, this.hint, this.canvas, this.cursor);
    const undo = el("button.quiet", { type: "button", onclick: () => this.pad.undo() }, icon("undo"), "Undo");
    const clear = el("button.quiet", { type: "button", onclick: () => this.pad.clear() }, icon("clear"), "Clear");
    this.tools = [undo, clear];
    place.append(
      el("h1.unseen", { id: "draw-title" }, "Write, and see it read"),
      el("div.draw", {},
        el("div.pad-side", {}, this.#modeChoice(), this.frame,
          el("div.tools", {}, undo, clear, this.#penChoice()),
          el("p.keys", { id: "pad-keys" },
            "With keys: arrows move the pen, Space puts it down and lifts it, Backspace undoes, Delete clears.")),
        el("div.answer-side", {}, this.answer.node)),
    );
  }

  #modeChoice() {
    if (this.modes.length < 2) return null;
    const choices = this.modes.map((kind) => {
      const input = el("input", { type: "radio", name: "mode", value: kind, checked: kind === this.kind });
      input.addEventListener("change", () => this.#choose(kind));
      return el("label", {}, input, el("span", {}, MODES[kind].name));
    });
    return el("fieldset.segments", {}, el("legend.unseen", {}, "What you write"), choices);
  }

  #penChoice() {
    const choices = PENS.map((name, number) => {
      const input = el("input", { type: "radio", name: "pen", value: String(number), checked: number === this.pen });
      input.addEventListener("change", () => this.#usePen(number));
      return el("label", { title: name }, input, el(`span.dot.dot-${number}`, {}), el("span.unseen", {}, name));
    });
    return el("fieldset.pens", {}, el("legend.unseen", {}, "Pen"), choices);
  }

  #usePen(number) {
    this.pen = number;
    this.pad.width = MODES[this.kind].pens[number];
  }

  #choose(kind) {
    this.kind = kind;
    this.frame.dataset.kind = kind;
    this.hint.textContent = MODES[kind].hint;
    this.#usePen(this.pen);
    this.answer.use(kind);
    requestAnimationFrame(() => {
      this.pad.fit();
      this.pad.clear();
    });
  }

  #shortcut(event, place) {
    if (place.hidden || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    this.pad.undo();
  }

  /**
   * The ink has changed: ask at once where a stroke has ended, and while it is drawn whenever the reader is free
   * and quick. Who lets the pen rest before lifting it has the answer by then.
   */
  #changed(ended, at) {
    const { pad, asked } = this;
    clearTimeout(this.later);
    this.frame.classList.toggle("written", !pad.isEmpty);
    for (const button of this.tools) button.disabled = pad.isEmpty;
    if (pad.isEmpty) {
      this.asked = null;
      this.latest.stop();
      this.answer.clear();
    } else if (ended && asked?.revision === pad.revision && !asked.failed) {
      Object.assign(asked, { ended, at });
      if (asked.seen) this.#finish(asked);
    } else if (ended || this.#isFree()) {
      this.#ask({ ended, at, revision: pad.revision });
    } else if (this.last.took <= QUICK) {
      this.later = setTimeout(() => this.#changed(false, at), PAUSE / 2);
    }
  }

  #isFree() {
    return !this.latest.busy && this.last.took <= QUICK && performance.now() - this.last.asked >= PAUSE;
  }

  #ask(asked) {
    this.asked = asked;
    const isPatient = asked.ended;
    this.latest.ask(asked).catch((error) => {
      asked.failed = true;
      if (!asked.ended) return;
      // The stroke ended while a question was out that was not worth waiting for; now it is.
      if (!isPatient) this.#ask({ ended: true, at: asked.at, revision: asked.revision });
      else complain(error.message, "draw");
    });
  }

  async #read(asked, signal) {
    const mode = MODES[this.kind];
    const start = performance.now();
    this.last.asked = start;
    this.answer.wait(this.last.took > QUICK);
    const picture = this.pad.picture(mode.tall, mode.wide);
    const blob = await new Promise((done) => picture.toBlob(done, "image/png"));
    const file = new File([blob], "drawing.png", { type: "image/png" });
    asked.seen = await look(file, { kind: this.kind, ...mode.asks }, signal, asked.ended);
    this.last.took = performance.now() - start;
    excuse("draw");
    this.answer.show(asked.seen);
    if (asked.ended) this.#finish(asked);
  }

  /** A drawing is answered: say so, and note how long it took. */
  #finish({ seen, at }) {
    const [page] = seen.pages;
    this.#measure(at);
    const told = page.readings.map((r) => r.text || "nothing").join(" ");
    say(`Reads ${told}: ${statusOf(page.status).word}. ${page.readings[0].reason}`);
  }

  /** Note how long it took from the end of the stroke until the answer was on the screen. */
  #measure(start) {
    requestAnimationFrame(() => {
      setTimeout(() => {
        performance.measure("drawn-to-shown", { start, end: performance.now() });
      }, 0);
    });
  }
}

/** Whether something can be written here: the kind is read, and so is the format that is asked for. */
function canRead(kind, abilities) {
  const { format } = MODES[kind].asks ?? {};
  return abilities.kinds.includes(kind) && (!format || abilities.formats.includes(format));
}
