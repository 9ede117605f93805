/**
 * What the reader makes of the pad: the text large, how sure it is, what else it may be, and what the network
 * was given.
 */
import { Bars } from "./bars.js";
import { el, percent, pngUrl } from "./dom.js";
import { statusOf, sureness } from "./status.js";

const EMPTY = {
  digit: ["Your digit appears here", "It is read while you write: no button, no waiting."],
  character: ["Your letter appears here", "It is read while you write: no button, no waiting."],
  field: ["Your ZIP code appears here", "Five digits, read while you write."],
  line: ["Your words appear here", "They are read whenever you lift the pen."],
};

export class Answer {
  constructor() {
    this.bars = new Bars();
    this.chosen = 0;
    this.glyphs = el("div.glyphs");
    this.sign = el("span.sign", { "aria-hidden": "true" });
    this.word = el("span");
    this.sure = el("span.sure");
    this.verdict = el("p.verdict", {}, this.sign, this.word, this.sure);
    this.reason = el("p.reason");
    this.ink = el("img", { alt: "The ink found in your drawing" });
    this.given = el("img.pixels", { alt: "What the network gets" });
    this.givenName = el("figcaption");
    this.steps = el("div.steps", {},
      el("figure", {}, this.ink, el("figcaption", {}, "the ink")),
      el("figure", {}, this.given, this.givenName));
    this.emptyTitle = el("p.empty-title");
    this.emptyText = el("p.empty-text");
    this.empty = el("div.answer-empty", {}, this.emptyTitle, this.emptyText);
    this.full = el("div.answer-full", { hidden: true }, this.glyphs, this.verdict, this.reason, this.bars.node, this.steps);
    this.node = el("div.answer", { id: "answer" }, this.empty, this.full);
  }

  /** Get ready for another kind of writing. */
  use(kind) {
    this.kind = kind;
    this.node.dataset.kind = kind;
    this.node.dataset.shape = isLong(kind) ? "long" : "square";
    [this.emptyTitle.textContent, this.emptyText.textContent] = EMPTY[kind];
    this.clear();
  }

  clear() {
    this.wait(false);
    this.full.hidden = true;
    this.empty.hidden = false;
  }

  /** Show that a slow answer is on its way. */
  wait(isSlow) {
    this.node.classList.toggle("waits", isSlow);
  }

  /** @param {object} seen what `/v1/look` answers. */
  show(seen) {
    this.wait(false);
    this.seen = seen;
    this.readings = seen.pages[0].readings;
    this.empty.hidden = true;
    this.full.hidden = false;
    this.chosen = this.readings.length - 1;
    this.#write();
    this.#detail();
  }

  #write() {
    this.glyphs.classList.toggle("several", this.readings.length > 1);
    this.glyphs.classList.toggle("many", this.readings.length > 4);
    const isText = this.kind === "line";
    this.glyphs.replaceChildren(...this.readings.map((r, number) => (isText ? lineOf(r) : this.#glyph(r, number))));
  }

  /** One digit, or one field; of several, each is a button that shows its own bars. */
  #glyph(reading, number) {
    const shown = reading.text || "–";
    if (this.readings.length === 1) return el(`span.glyph.is-${reading.status}`, {}, shown);
    const button = el(`button.glyph.is-${reading.status}`, {
      type: "button",
      "aria-label": `${reading.text || "not read"}, ${statusOf(reading.status).word}`,
      "aria-pressed": String(number === this.chosen),
    }, shown);
    button.addEventListener("click", () => {
      this.chosen = number;
      for (const [k, other] of [...this.glyphs.children].entries()) other.setAttribute("aria-pressed", String(k === number));
      this.#detail();
    });
    return button;
  }

  #detail() {
    const reading = this.readings[this.chosen];
    const { sign, word } = statusOf(reading.status);
    this.verdict.className = `verdict is-${reading.status}`;
    this.sign.textContent = sign;
    this.word.textContent = word;
    this.sure.textContent = reading.text ? percent(reading.confidence) : "";
    this.reason.textContent = reading.reason;
    this.bars.show(reading.alternatives.slice(0, 4), reading.status);
    this.#looks(reading);
  }

  #looks(reading) {
    const [ink, ...given] = this.seen.looks;
    if (ink) this.ink.src = pngUrl(ink.png);
    const mine = given[this.chosen] ?? given[0];
    this.given.parentElement.hidden = !mine;
    if (!mine) return;
    this.given.src = pngUrl(mine.png);
    this.givenName.textContent = isLong(this.kind) ? "the line, as the network gets it" : "28 × 28, what the network gets";
  }
}

/** Whether a kind is written on a long pad. */
export const isLong = (kind) => kind === "line" || kind === "field";

/** A line of text, its characters underlined by how unsure they are; `tag` is "p", or "span" within a button. */
export function lineOf(reading, tag = "p") {
  if (!reading.text) return el(`${tag}.text.none`, {}, "not read");
  const whole = reading.characters.map((c) => c.text).join("");
  if (whole !== reading.text) return el(`${tag}.text`, {}, reading.text);
  const parts = [];
  for (const character of reading.characters) {
    const how = sureness(character.confidence);
    const before = parts.at(-1);
    if (before?.dataset.how === how) before.append(character.text);
    else parts.push(el(`span.char-${how}`, { data: { how } }, character.text));
  }
  return el(`${tag}.text`, {}, parts);
}
