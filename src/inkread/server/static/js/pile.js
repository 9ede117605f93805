/** Several pictures: how far they are, and a table with a row a page. */
import { count, el } from "./dom.js";
import { statusOf, worst } from "./status.js";

const WORDS = { waiting: "waiting", reading: "reading", failed: "failed" };

export class Pile {
  /**
   * @param {function(object, number): void} chosen called with a job and the number of its page.
   * @param {function(object): void} removed called with the job that is sent away.
   */
  constructor(chosen, removed) {
    this.chosen = chosen;
    this.removed = removed;
    this.progress = el("progress", { "aria-label": "Pictures read" });
    this.told = el("p.told");
    this.body = el("tbody");
    const heads = ["File", "Text", "State", ""].map((name) => el("th", { scope: "col" }, name || el("span.unseen", {}, "Remove")));
    this.node = el("div.pile", { hidden: true },
      el("div.pile-head", {}, this.told, this.progress),
      el("div.pile-rows", { tabIndex: 0, role: "region", "aria-label": "Pictures" },
        el("table", {}, el("thead", {}, el("tr", {}, heads)), this.body)));
  }

  /**
   * @param {object[]} jobs
   * @param {object} current the job that is shown, and `page`, the number of its page.
   */
  show(jobs, current) {
    const pages = jobs.reduce((sum, job) => sum + Math.max(1, job.pages.length), 0);
    this.node.hidden = pages < 2;
    if (this.node.hidden) return;
    const done = jobs.filter((job) => job.state === "done" || job.state === "failed").length;
    this.progress.max = jobs.length;
    this.progress.value = done;
    this.progress.hidden = done === jobs.length;
    this.told.textContent = done < jobs.length ? `${done} of ${jobs.length} read` : summary(jobs);
    this.#fill(jobs.flatMap((job, number) => this.#rows(job, current, number)));
  }

  /** Set the rows anew; what had the focus keeps it. */
  #fill(rows) {
    const held = this.body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.body.replaceChildren(...rows);
    if (held) [...this.body.querySelectorAll("button")].find((button) => button.dataset.key === held)?.focus();
  }

  #rows(job, current, place) {
    const pages = job.pages.length ? job.pages : [null];
    return pages.map((page, number) => {
      const isHere = job === current.job && number === current.page;
      const name = page && job.pages.length > 1 ? `${job.name}, page ${page.page}` : job.name;
      const open = el("button.link", { type: "button", "aria-current": isHere ? "true" : null, data: { key: `${place} ${number}` } }, name);
      const row = el("tr", { className: isHere ? "here" : "" },
        el("th", { scope: "row" }, open),
        el("td.text-cell", {}, page ? page.text.replaceAll("\n", " ") || "–" : ""),
        el("td", {}, state(job, page)),
        el("td.narrow", {}, number ? null : this.#remove(job, place)));
      row.addEventListener("click", (event) => {
        if (!event.target.closest(".away")) this.chosen(job, number);
      });
      return row;
    });
  }

  #remove(job, place) {
    const button = el("button.quiet.away", { type: "button", "aria-label": `Remove ${job.name}`, data: { key: `away ${place}` } }, "×");
    button.addEventListener("click", () => this.removed(job));
    return button;
  }
}

/** The state of a page: a sign, and a word; of several readings, how many are good. */
function state(job, page) {
  if (!page) return el("span.waiting", {}, WORDS[job.state] ?? job.state);
  const bad = worst(page.readings);
  const good = page.readings.filter((r) => r.status === "accepted").length;
  const { sign, word } = statusOf(bad);
  const told = page.readings.length > 1 && bad !== "accepted" ? `${good} of ${page.readings.length} accepted` : word;
  return el(`span.state.is-${bad}`, {}, el("span.sign", { "aria-hidden": "true" }, sign), el("span.state-word", {}, told));
}

/** `5 pictures: 12 accepted, 3 to check`. */
function summary(jobs) {
  const readings = jobs.flatMap((job) => job.pages.flatMap((page) => page.readings));
  const of = (status) => readings.filter((r) => r.status === status).length;
  const parts = [["accepted", "accepted"], ["review", "to check"], ["refused", "not read"], ["failed", "failed"]];
  const failed = jobs.filter((job) => job.state === "failed" && !job.pages.length).length;
  const told = parts.map(([status, word]) => [of(status) + (status === "failed" ? failed : 0), word]).filter(([n]) => n);
  return `${count(jobs.length, "file")}: ${told.map(([n, word]) => `${n} ${word}`).join(", ")}`;
}
