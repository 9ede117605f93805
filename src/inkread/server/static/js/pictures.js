/**
 * Read pictures: drop, paste, choose or photograph them; see each with its boxes, the text beside it.
 */
import { example } from "./api.js";
import { Cropper } from "./crop.js";
import { byId, el, icon, say } from "./dom.js";
import { Explain } from "./explain.js";
import { chooser, isHandheld, listen } from "./intake.js";
import { complain, excuse } from "./notices.js";
import { Options } from "./options.js";
import { Pile } from "./pile.js";
import { loaded, sentPreview } from "./preview.js";
import { Queue, wayOf } from "./queue.js";
import { Readings } from "./readings.js";
import { Save } from "./save.js";
import { Sheet } from "./sheet.js";
import { Turn } from "./turn.js";

/** Pictures that come with the page, what they show, and the kind without which they cannot be read. */
const EXAMPLES = [
  ["envelope.jpg", "a ZIP code on an envelope", "digit"],
  ["whiteboard.jpg", "a number on a whiteboard", "digit"],
  ["sticky_note.jpg", "a digit on a sticky note", "digit"],
  ["note.jpg", "a letter on lined paper", "note"],
];

/** Single digits set as they stand on the paper: side by side in a row. Longer readings are rows by themselves. */
function inRows(readings) {
  if (readings.some((r) => [...r.text].length > 1 || !r.box)) return "";
  let text = "";
  readings.forEach((reading, k) => {
    const [before, here] = [readings[k - 1]?.box, reading.box];
    const isBelow = before && (here[1] > before[3] || here[0] < before[0]);
    text += `${isBelow ? "\n" : ""}${reading.text || "·"}`;
  });
  return text;
}

export class Pictures {
  /**
   * @param {HTMLElement} place the section of the page.
   * @param {object} abilities what `/v1/kinds` says.
   */
  constructor(place, abilities) {
    this.place = place;
    this.examples = EXAMPLES.filter(([, , kind]) => abilities.kinds.includes(kind));
    this.limit = abilities.limits?.body_mb ?? 40;
    this.current = { job: null, page: 0 };
    this.options = new Options(abilities, () => this.#again());
    this.queue = new Queue(() => this.options.value, (job) => this.#changed(job));
    this.sheet = new Sheet((n) => this.#choose(n, true), (n) => this.#hover(n));
    this.readings = new Readings((n) => this.#choose(n), (n) => this.#hover(n));
    this.pile = new Pile((job, page) => this.#go(job, page), (job) => this.#remove(job));
    this.save = new Save(abilities, () => this.queue.jobs, () => this.options.value);
    this.explain = new Explain();
    this.turn = new Turn(this.sheet, new Cropper(this.sheet), (way) => this.#turned(way));
    this.#build();
    listen((files) => {
      if (byId("view-forms").hidden) this.add(files);
      else document.dispatchEvent(new CustomEvent("given", { detail: files }));
    });
  }

  #build() {
    const given = (files) => this.add(files);
    const camera = isHandheld() ? chooser(given, { label: "Take a photo", mark: icon("camera"), camera: true, main: true }) : [];
    const choose = chooser(given, { label: "Choose pictures", mark: icon("picture"), main: !isHandheld() });
    this.welcome = el("div.welcome", {},
      el("div.intake", {},
        el("p.intake-title", {}, isHandheld() ? "Photograph some handwriting" : "Drop pictures or a PDF here"),
        el("div.intake-buttons", {}, camera, choose),
        el("p.intake-text", {}, isHandheld() ? "A digit, a number, a line or a whole page." : "or paste one with Ctrl + V, or drop a whole folder. They are read at once, on this machine.")),
      el("p.examples-title", { id: "examples-title" }, "Nothing at hand? Try one of these."),
      el("ul.examples", { "aria-labelledby": "examples-title" }, this.examples.map((one) => this.#example(one))));
    this.toggle = el("button", { type: "button", "aria-expanded": "false", onclick: () => this.#explain(!this.explain.isOpen) }, icon("eye"), "How it was read");
    this.state = el("p.state-line");
    this.whole = el("p.whole");
    const more = chooser(given, { label: "Add", mark: icon("plus") });
    const photo = isHandheld() ? chooser(given, { label: "Photo", mark: icon("camera"), camera: true }) : [];
    const fold = el("button.quiet.fold", { type: "button", "aria-expanded": "false", onclick: () => this.#fold(fold) }, "Options");
    const empty = el("button.quiet", { type: "button", onclick: () => this.#empty() }, icon("clear"), el("span.word-on-large", {}, "Remove all"));
    this.work = el("div.work", { hidden: true },
      el("div.bar", {}, el("div.bar-group", {}, photo, more, empty, fold), this.options.node, this.save.node),
      this.pile.node,
      el("div.split", {},
        el("div.picture-side", {}, el("div.stage", {}, this.sheet.node), this.turn.node),
        el("div.text-side", {}, this.state, this.whole, this.readings.node, el("div.after", {}, this.toggle))),
      this.explain.node);
    this.place.append(el("h1.unseen", { id: "pictures-title" }, "Read pictures"), this.welcome, this.work);
  }

  /** On a small screen the options are folded away. */
  #fold(button) {
    const isOpen = this.options.node.classList.toggle("open");
    button.setAttribute("aria-expanded", String(isOpen));
  }

  #example([name, about]) {
    const image = el("img", { src: `/static/examples/${name}`, alt: "", loading: "lazy" });
    const button = el("button.example", { type: "button", "aria-label": `Read the example: ${about}` }, image, el("span", {}, about));
    button.addEventListener("click", async () => {
      try {
        this.add([new File([await example(image.src)], name, { type: "image/jpeg" })]);
      } catch (error) {
        complain(error.message, "example");
      }
    });
    return el("li", {}, button);
  }

  /** Take files and read them. */
  add(files) {
    const large = files.filter((file) => file.size > this.limit * 1e6);
    for (const file of large) complain(`${file.name} has ${(file.size / 1e6).toFixed(0)} MB; at most ${this.limit} MB are read at once.`, file.name);
    const good = files.filter((file) => !large.includes(file));
    if (!good.length) return;
    if (location.hash !== "#pictures") location.hash = "#pictures";
    const first = this.queue.add(good);
    this.#begin();
    this.#go(first, 0);
  }

  /** Show a page that was read on the phone. */
  addDone(job) {
    this.queue.addDone(job);
    if (location.hash === "#phone") location.hash = "#pictures";
    this.#begin();
    this.#go(this.queue.jobs.at(-1), 0);
  }

  #begin() {
    this.welcome.hidden = true;
    this.work.hidden = false;
  }

  #empty() {
    for (const job of [...this.queue.jobs]) this.queue.remove(job);
    this.current = { job: null, page: 0 };
    this.turn.close();
    this.explain.close();
    this.work.hidden = true;
    this.welcome.hidden = false;
    excuse("picture");
    this.welcome.querySelector("button").focus();
  }

  #remove(job) {
    const number = this.queue.jobs.indexOf(job);
    this.queue.remove(job);
    const next = this.queue.jobs[Math.min(number, this.queue.jobs.length - 1)];
    if (!next) this.#empty();
    else this.#go(this.current.job === job ? next : this.current.job, this.current.job === job ? 0 : this.current.page);
  }

  #again() {
    this.#explain(false);
    this.queue.allAgain();
    this.#show();
  }

  #turned(way) {
    const { job } = this.current;
    Object.assign(job, way);
    this.#explain(false);
    this.queue.again(job);
  }

  #go(job, page) {
    if (this.current.job !== job) this.turn.close();
    this.current = { job, page };
    this.#explain(false);
    this.#show();
  }

  #changed(job) {
    if (job === this.current.job) this.#show();
    else this.#list();
    if (job.state === "done" && this.queue.jobs.every((one) => one.state !== "waiting" && one.state !== "reading")) {
      say(this.queue.jobs.length > 1 ? this.pile.told.textContent : `Read: ${job.pages.map((p) => p.text).join(" ") || "nothing"}`);
    }
  }

  #list() {
    this.pile.show(this.queue.jobs, this.current);
    this.save.update();
  }

  /** Show the current page: its picture, its boxes, its text. */
  async #show() {
    this.#list();
    const { job, page: number } = this.current;
    const page = job.pages[number];
    const shown = await this.#shown(job, page);
    if (job !== this.current.job || number !== this.current.page) return;
    const readings = job.state === "done" && page ? page.readings : [];
    this.#tell(job, page);
    this.whole.textContent = readings.length > 1 ? inRows(readings) : "";
    this.work.classList.toggle("without-picture", !shown);
    this.turn.node.hidden = !shown || !job.file || job.pages.length > 1;
    this.turn.use(job);
    this.toggle.hidden = !shown || !readings.some((r) => r.status !== "failed");
    if (shown) this.sheet.show(shown, shown.fits ? readings : [], job);
    const image = readings.length ? await loaded(shown) : null;
    if (page !== this.current.job?.pages[this.current.page]) return;
    this.readings.show(readings, shown?.fits ? image : null, shown ? shown.pixels[0] / shown.width : 1);
    if (readings.length === 1) this.readings.open(0);
  }

  /** The picture for the eye: the browser's own, or what the service sent of the page when it first read it. */
  async #shown(job, page) {
    if (job.shown) return job.shown;
    if (!page) return null;
    job.sent ??= {};
    job.sent[page.page] ??= await sentPreview(page);
    return job.sent[page.page];
  }

  /** One line above the readings: what it was taken for, how long it took, or what went wrong. */
  #tell(job, page) {
    this.state.className = `state-line${job.state === "failed" ? " is-failed" : ""}`;
    if (job.state === "failed") {
      this.state.replaceChildren(el("span.sign", { "aria-hidden": "true" }, "!"), el("span", {}, job.error));
      say(job.error);
    } else if (job.state === "done" && page) {
      const kinds = { digit: "single digits", line: "a line of text", note: "a page of text", field: "a field", mail: "an envelope", character: "characters" };
      const took = job.ms ? `, in ${job.ms < 950 ? `${Math.max(1, Math.round(job.ms))} ms` : `${(job.ms / 1000).toFixed(1)} s`}` : "";
      this.state.replaceChildren(el("span", {}, `Read as ${kinds[page.kind] ?? page.kind}${took}`));
    } else {
      this.state.replaceChildren(el("span.working", {}, "Reading … (a page of text takes a little longer)"));
    }
  }

  #choose(number, withFocus = false) {
    this.readings.open(number, withFocus);
    this.sheet.mark(number, "chosen");
  }

  #hover(number) {
    this.sheet.mark(number, "hot");
    this.readings.mark(number);
  }

  async #explain(isOpen) {
    this.toggle.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) {
      this.explain.close();
      return;
    }
    const { job, page } = this.current;
    const shown = await this.#shown(job, job.pages[page]);
    // What is seen on the way is told of the first page; of another, its picture is looked at.
    const file = page === 0 && job.file ? job.file : shown.file;
    await this.explain.open(file, { ...this.options.value, kind: job.pages[page].kind, ...wayOf(job) }, shown);
    this.explain.node.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }
}

