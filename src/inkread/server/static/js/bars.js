/**
 * Ways to read a mark, each with its share as a bar. Rows are kept from answer to answer, so that the bars
 * move instead of blinking.
 */
import { el, percent, set } from "./dom.js";

/** Texts longer than this stand above their bars instead of beside them. */
const SHORT = 12;

export class Bars {
  constructor() {
    this.node = el("ol.bars");
  }

  /**
   * @param {{text: string, confidence: number}[]} options best first.
   * @param {string} [status] colours the first bar.
   */
  show(options, status = "accepted") {
    this.node.classList.toggle("long", options.some((option) => option.text.length > SHORT));
    while (this.node.children.length > options.length) this.node.lastChild.remove();
    while (this.node.children.length < options.length) this.node.append(row());
    options.forEach((option, number) => {
      const [word, track, share] = this.node.children[number].children;
      this.node.children[number].className = number === 0 ? `best is-${status}` : "";
      word.textContent = option.text || "none";
      share.textContent = percent(option.confidence);
      set(track.firstChild, { style: { transform: `scaleX(${Math.max(option.confidence, 0.004)})` } });
    });
  }
}

const row = () =>
  el("li", {}, el("span.word"), el("span.track", { "aria-hidden": "true" }, el("span.fill")), el("span.share"));
