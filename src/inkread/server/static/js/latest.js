/**
 * Work of which only the newest counts: what is overtaken is stopped, and its answer never shown.
 */
export class Latest {
  #work;
  #running = null;

  /** @param {function(any, AbortSignal): Promise<void>} work is given what was asked and a signal. */
  constructor(work) {
    this.#work = work;
  }

  /** Whether something is under way. */
  get busy() {
    return this.#running !== null;
  }

  /** Do this now; whatever is under way is stale. */
  async ask(what) {
    this.stop();
    const mine = new AbortController();
    this.#running = mine;
    try {
      await this.#work(what, mine.signal);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    } finally {
      if (this.#running === mine) this.#running = null;
    }
  }

  /** Forget what is under way. */
  stop() {
    this.#running?.abort();
    this.#running = null;
  }
}
