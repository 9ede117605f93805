/** Copy and save what was read, in every format that there is. */
import { write } from "./api.js";
import { count, el, icon, say } from "./dom.js";
import { complain, excuse } from "./notices.js";
import { wayOf } from "./queue.js";

const FORMATS = {
  txt: ["Text", "as plain as it gets"],
  csv: ["CSV", "a table, a row a reading"],
  xlsx: ["Excel", "a workbook, nothing is a formula"],
  md: ["Markdown", "uncertain words are marked"],
  pdf: ["PDF", "the picture, searchable"],
  png: ["PNG", "the picture with its boxes"],
  json: ["JSON", "everything, for programs"],
  jsonl: ["JSON Lines", "an object a reading"],
  "alto.xml": ["ALTO", "for libraries and archives"],
  "page.xml": ["PAGE", "for transcription tools"],
  hocr: ["hOCR", "HTML with boxes"],
};
const BINARY = ["xlsx", "pdf", "png"];
/** Formats of which several files make one by being set one after the other; of CSV the head comes once. */
const JOINED = ["txt", "csv", "md", "jsonl"];

export class Save {
  /**
   * @param {object} abilities what `/v1/kinds` says.
   * @param {function(): object[]} jobs what is saved.
   * @param {function(): object} options how it was read.
   */
  constructor(abilities, jobs, options) {
    this.jobs = jobs;
    this.options = options;
    this.limits = abilities.limits;
    this.rows = abilities.outputs.filter((name) => name in FORMATS).map((name) => this.#row(name));
    this.menu = el("div.menu", { id: "save-menu", popover: "auto", role: "group", "aria-label": "Formats" }, this.rows);
    this.button = el("button", { type: "button", "aria-haspopup": "true", "aria-expanded": "false" }, icon("save"), "Save as");
    this.button.popoverTargetElement = this.menu;
    this.copy = el("button", { type: "button", onclick: () => this.#copyText() }, icon("copy"), "Copy text");
    this.menu.addEventListener("toggle", (event) => this.#place(event.newState === "open"));
    this.node = el("div.save", {}, this.copy, this.button, this.menu);
  }

  #row(name) {
    const [title, about] = FORMATS[name];
    const save = el("button.quiet", { type: "button", "aria-label": `Save as ${title}`, onclick: () => this.#save(name) }, icon("save"));
    const copy = el("button.quiet", { type: "button", "aria-label": `Copy as ${title}`, hidden: BINARY.includes(name), onclick: () => this.#copy(name) }, icon("copy"));
    return el("div.menu-row", { data: { output: name } }, el("span.menu-name", {}, title), el("span.menu-about", {}, about), copy, save);
  }

  /** Below the button, within the window. */
  #place(isOpen) {
    this.button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    const at = this.button.getBoundingClientRect();
    const wide = this.menu.offsetWidth;
    this.menu.style.left = `${Math.max(8, Math.min(at.right - wide, window.innerWidth - wide - 8))}px`;
    this.menu.style.top = `${Math.max(8, Math.min(at.bottom + 6, window.innerHeight - this.menu.offsetHeight - 8))}px`;
    this.menu.querySelector("button:not([hidden])")?.focus();
  }

  async #copyText() {
    const text = this.jobs().flatMap((job) => job.pages.map((page) => page.text)).join("\n\n");
    await this.#toClipboard(Promise.resolve(new Blob([text], { type: "text/plain" })), this.copy, "Text copied");
  }

  async #copy(name) {
    const button = this.menu.querySelector(`[data-output="${name}"] button`);
    await this.#toClipboard(this.#files(name).then((files) => files[0].blob), button, `${FORMATS[name][0]} copied`);
  }

  async #toClipboard(content, button, told) {
    try {
      const text = await (await content).text();
      if (navigator.clipboard) await navigator.clipboard.writeText(text);
      else copyOldWay(text);
      done(button);
      say(told, 0);
      excuse("save");
    } catch (error) {
      complain(error.name === "NotAllowedError" ? "The browser does not let this page copy; use Save as." : error.message, "save");
    }
  }

  async #save(name) {
    const button = this.menu.querySelector(`[data-output="${name}"] button:last-child`);
    try {
      for (const { blob, called } of await this.#files(name)) download(blob, called);
      done(button);
      say(`${FORMATS[name][0]} saved`, 0);
      excuse("save");
    } catch (error) {
      complain(error.message, "save");
    }
  }

  /** The files of one format: one of all pictures, unless they are too many or were turned each in its own way. */
  async #files(name) {
    const jobs = this.jobs().filter((job) => job.state === "done" && fileOf(job));
    if (!jobs.length) throw new Error("There is nothing to save: no picture could be read.");
    const groups = grouped(jobs, this.limits);
    const blobs = [];
    for (const group of groups) {
      blobs.push(await write(group.map(fileOf), { ...this.options(), ...wayOf(group[0]) }, name));
    }
    const called = (group) => (group.length === 1 ? stem(group[0].name) : "inkread");
    const ending = (blob) => (blob.type === "application/zip" ? "zip" : name);
    if (blobs.length === 1) return [{ blob: blobs[0], called: `${called(jobs)}.${ending(blobs[0])}` }];
    if (JOINED.includes(name)) return [{ blob: await joined(blobs, name), called: `inkread.${name}` }];
    return groups.map((group, k) => ({ blob: blobs[k], called: `${called(group)}-${k + 1}.${ending(blobs[k])}` }));
  }

  /** Say how much would be saved. */
  update() {
    const ready = this.jobs().filter((job) => job.state === "done");
    this.copy.disabled = this.button.disabled = !ready.length;
    this.button.title = ready.length > 1 ? `All ${count(ready.length, "file")}` : "";
  }
}

/** A job's picture; of one that came from the phone, what was sent of it. */
const fileOf = (job) => job.file ?? job.sent?.[1]?.file;

/** Jobs that can be read by one request: few enough, small enough, turned and cut alike. */
function grouped(jobs, limits) {
  const groups = [];
  let [way, size] = ["", 0];
  for (const job of jobs) {
    const mine = JSON.stringify(wayOf(job));
    size += fileOf(job).size;
    const fits = mine === way && groups.at(-1)?.length < limits.files && size < 0.9e6 * limits.body_mb;
    if (fits && mine === JSON.stringify(wayOf({}))) groups.at(-1).push(job);
    else {
      groups.push([job]);
      [way, size] = [mine, fileOf(job).size];
    }
  }
  return groups;
}

async function joined(blobs, name) {
  const texts = await Promise.all(blobs.map((blob) => blob.text()));
  const parts = name === "csv" ? texts.map((text, k) => (k ? text.slice(text.indexOf("\n") + 1) : text)) : texts;
  return new Blob([parts.join(name === "csv" || name === "jsonl" ? "" : "\n")], { type: blobs[0].type });
}

/** A name without its ending and without what a file's name must not have. */
const stem = (name) => name.replace(/\.[A-Za-z0-9]{1,5}$/, "").replace(/[^\p{L}\p{N} ._-]/gu, "_").trim() || "inkread";

function download(blob, called) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: called }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A page on the own network is no secure one, and has no clipboard of its own. */
function copyOldWay(text) {
  const area = el("textarea.unseen", { value: text });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function done(button) {
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1200);
}
