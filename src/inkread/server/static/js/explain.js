/**
 * How a picture was read: its ink, what the network was given, and beside it what the textbook way (the whole
 * picture squeezed to 28 x 28) is given and makes of it.
 */
import { look } from "./api.js";
import { el, icon, percent, pngUrl } from "./dom.js";
import { Latest } from "./latest.js";
import { statusOf } from "./status.js";

const MOST = 12;

export class Explain {
  constructor() {
    this.latest = new Latest((asked, signal) => this.#read(asked, signal));
    this.node = el("section.explain", { hidden: true, "aria-label": "How it was read" });
  }

  get isOpen() {
    return !this.node.hidden;
  }

  close() {
    this.latest.stop();
    this.node.hidden = true;
  }

  /**
   * @param {File} file the picture.
   * @param {object} options how it was read.
   * @param {{url: string}} shown the picture for the eye.
   */
  open(file, options, shown) {
    this.node.hidden = false;
    this.node.replaceChildren(el("p.told", {}, "Looking again …"));
    return this.latest.ask({ file, options, shown });
  }

  async #read({ file, options, shown }, signal) {
    try {
      this.#show(await look(file, options, signal), shown);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      this.node.replaceChildren(el("p.told", {}, error.message));
    }
  }

  #show(seen, shown) {
    const [ink, ...given] = seen.looks;
    const { readings } = seen.pages[0];
    const isDigits = Boolean(seen.textbook);
    const steps = [step("The picture", shown.url, "", "As it was given."), step("Its ink", pngUrl(ink.png), "", "Light, colour and ruled lines taken away.")];
    const cards = given.slice(0, MOST).map((one, number) => card(one, readings[number], isDigits));
    const more = given.length - cards.length;
    this.node.replaceChildren(
      el("h2", {}, "How it was read"),
      el("div.explain-grid", {},
        el("div.way", {},
          el("div.explain-steps", {}, steps[0], icon("arrow"), steps[1]),
          el("h3", {}, isDigits ? "What the network gets: every digit by itself, 28 × 28" : "What the network gets: every line by itself, level"),
          el(`div.cards${isDigits ? "" : ".lines"}`, {}, cards, more > 0 && el("p.told", {}, `and ${more} more`))),
        seen.textbook ? textbook(seen) : null));
  }
}

const step = (title, url, kind, note) =>
  el("figure", {}, el("figcaption", {}, el("strong", {}, title), el("span", {}, note)), el(`img${kind}`, { src: url, alt: title }));

function card(given, reading, isDigits) {
  const status = reading?.status ?? "review";
  return el(`figure.card.is-${status}`, {},
    el(`img${isDigits ? ".pixels" : ""}`, { src: pngUrl(given.png), alt: "What the network gets" }),
    el("figcaption", {},
      el("span.sign", { "aria-hidden": "true" }, statusOf(status).sign),
      el("span.card-text", {}, reading?.text || "not read"),
      el("span.sure", {}, reading?.text ? percent(reading.confidence) : "")));
}

/** What most tutorials do with the same picture. */
function textbook({ textbook: other, pages: [page] }) {
  const read = page.readings.map((r) => r.text).join("");
  const isWrong = other.text !== read;
  return el("div.textbook", {},
    el("h3", {}, "The textbook way is given"),
    el("img.pixels", { src: pngUrl(other.png), alt: "The whole picture squeezed to 28 by 28 pixels" }),
    el("p.textbook-text", {}, `reads ${other.text || "nothing"}, ${percent(other.confidence)} sure`),
    el("p", {}, isWrong && read
      ? "All of the picture, grey, squeezed to 28 × 28 and inverted: the digit is lost on the way, and the network says something all the same."
      : "All of the picture, grey, squeezed to 28 × 28 and inverted."));
}
