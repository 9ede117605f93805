/**
 * The pictures that are to be read, a few at a time, in order. A job knows its file, how it is turned and cut,
 * and what came of it.
 */
import { read } from "./api.js";
import { release } from "./dom.js";
import { preview } from "./preview.js";

const AT_ONCE = 2;

export class Queue {
  /**
   * @param {function(): object} options how to read, asked at every start.
   * @param {function(object): void} changed called with a job whenever something about it changes.
   */
  constructor(options, changed) {
    this.options = options;
    this.changed = changed;
    this.jobs = [];
    this.running = 0;
  }

  /** Add files; the first job of them is returned. */
  add(files) {
    const jobs = files.map((file) => ({ file, name: file.name || "picture", rotate: 0, crop: null, state: "waiting", pages: [], shown: null, error: "", stop: null }));
    this.jobs.push(...jobs);
    this.#pump();
    return jobs[0];
  }

  /** Add a page that was read elsewhere, as on the phone. */
  addDone(job) {
    this.jobs.push({ rotate: 0, crop: null, state: "done", shown: null, error: "", stop: null, ...job });
  }

  /** Read a job anew, as after it was turned; it goes before those that wait. */
  again(job) {
    this.#halt(job);
    this.jobs.splice(this.jobs.indexOf(job), 1, job);
    this.#pump(job);
  }

  /** Read all anew, as after another kind was chosen. */
  allAgain() {
    for (const job of this.jobs) this.#halt(job);
    this.#pump();
  }

  remove(job) {
    this.#halt(job);
    this.jobs = this.jobs.filter((other) => other !== job);
    release(job.shown?.url);
  }

  #halt(job) {
    job.stop?.abort();
    Object.assign(job, { state: "waiting", error: "", stop: null, seen: null });
  }

  #pump(first = null) {
    while (this.running < AT_ONCE || first) {
      const job = first ?? this.jobs.find((other) => other.state === "waiting");
      first = null;
      if (!job) return;
      this.running += 1;
      this.#read(job).finally(() => {
        this.running -= 1;
        this.#pump();
      });
    }
  }

  async #read(job) {
    const mine = new AbortController();
    Object.assign(job, { state: "reading", stop: mine });
    this.changed(job);
    try {
      if (!job.shown && job.file) job.shown = await preview(job.file);
      if (mine.signal.aborted) return;
      this.changed(job);
      const answer = await read([job.file], { ...this.options(), ...wayOf(job), preview: job.shown || job.sent ? "" : "true" }, mine.signal);
      Object.assign(job, { state: "done", pages: answer.pages, ms: answer.ms, error: "" });
    } catch (error) {
      if (error.name === "AbortError") return;
      Object.assign(job, { state: "failed", pages: [], error: error.message });
    }
    this.changed(job);
  }
}

/** How a job's picture is turned and cut, as the service takes it. */
export const wayOf = (job) => ({
  crop: job.crop ? job.crop.join(",") : "",
  rotate: job.rotate ? String(job.rotate) : "",
});
