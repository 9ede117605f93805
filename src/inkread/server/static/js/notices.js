/** What went wrong, said at the top of the page in plain words, until it is over or sent away. */
import { byId, el, icon } from "./dom.js";

/**
 * Say what went wrong.
 *
 * @param {string} text plain words.
 * @param {string} about a later notice about the same replaces this one.
 */
export function complain(text, about = "page") {
  excuse(about);
  const close = el("button.quiet.square", { type: "button", "aria-label": "Send this notice away" }, icon("close"));
  const notice = el("div.notice", { data: { about } }, el("p", {}, text), close);
  close.addEventListener("click", () => notice.remove());
  byId("notices").append(notice);
}

/** What was said about this is over. */
export function excuse(about) {
  for (const notice of byId("notices").querySelectorAll(".notice")) {
    if (notice.dataset.about === about) notice.remove();
  }
}
