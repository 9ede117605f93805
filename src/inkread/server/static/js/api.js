/**
 * The service, in the page's words. Every function may throw a `ReaderError` whose message can be shown as it
 * is, or an AbortError where it was told to stop.
 */

/** What went wrong, in plain words. */
export class ReaderError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.name = "ReaderError";
    this.status = status;
  }
}

const GONE = "The reader does not answer. Is it still running? Start it again with: inkread app";
const TRIES = 4;

/** What can be read here: kinds, formats, outputs, limits, versions. */
export const kinds = () => ask("/v1/kinds").then((answer) => answer.json());

/**
 * Read pictures.
 *
 * @param {File[]} files one or several.
 * @param {object} options `kind`, `format`, `crop`, ...; what is empty is left out.
 * @param {AbortSignal} [signal] stops it.
 * @returns {Promise<{pages: object[], ms: number}>}
 */
export const read = (files, options, signal) => send("/v1/read", files, options, signal).then((a) => a.json());

/** Read one picture and see what was seen on the way; asked again while the reader is busy only if `patient`. */
export const look = (file, options, signal, patient = true) =>
  send("/v1/look", [file], options, signal, patient).then((answer) => answer.json());

/** Read pictures into a file of another format. */
export const write = (files, options, output, signal) =>
  send("/v1/read", files, { ...options, output }, signal).then((answer) => answer.blob());

/** Learn a blank form: its template, and pictures of its pages. */
export const learnForm = (file) => send("/v1/form/learn", [file], {}).then((answer) => answer.json());

/** Check a template, with the files that it names: the template, and its TOML. */
export const checkForm = (template, blanks) =>
  send("/v1/form/learn", [], {}, undefined, true, { template: [template], blank: blanks }).then((answer) => answer.json());

/** Read filled forms by a template; as JSON, or as a file of another format. */
export const readForm = (files, template, blanks, output = "") =>
  send("/v1/read", files, { kind: "form", output }, undefined, true, { template: [template], blank: blanks }).then(
    (answer) => (output ? answer.blob() : answer.json()),
  );

/** One of the pictures that come with the page. */
export const example = (address) => ask(address).then((answer) => answer.blob());

/** Make a one-time address for a phone, and its QR code. */
export const invite = () => ask("/v1/phone", { method: "POST" }).then((answer) => answer.json());

/** What phones have read since that picture. */
export const phonePictures = (after) => ask(`/v1/phone/pictures?after=${after}`).then((answer) => answer.json());

/**
 * Listen to the service. By the open line it also knows that the page is still there.
 *
 * @param {object} hears by the event's name, what to do with its values.
 */
export function news(hears) {
  line ??= new EventSource("/v1/events");
  for (const [name, act] of Object.entries(hears)) line.addEventListener(name, (event) => act(JSON.parse(event.data)));
}

let line = null;

function send(path, files, options, signal, patient = true, parts = {}) {
  const body = new FormData();
  for (const [field, some] of Object.entries(parts)) {
    for (const file of some) body.append(field, file, file.name || field);
  }
  for (const file of files) body.append("files", file, file.name || "picture");
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  return ask(`${path}?${query}`, { method: "POST", body, signal }, patient);
}

async function ask(path, request = {}, patient = true) {
  for (let turn = 1; ; turn += 1) {
    let answer;
    try {
      answer = await fetch(path, { cache: "no-store", ...request });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ReaderError(GONE);
    }
    if (answer.ok) return answer;
    const busy = answer.status === 503 || answer.status === 429;
    if (!busy || !patient || turn === TRIES) throw new ReaderError(await reason(answer), answer.status);
    await pause(answer.headers.get("Retry-After"), request.signal);
  }
}

/** What the service says, or plain words for what it may say without its own. */
async function reason(answer) {
  const told = await answer.json().catch(() => ({}));
  if (typeof told.error === "string" && told.error) return told.error;
  const words = {
    401: "This page is no longer let in. Open it again with the address that inkread printed.",
    403: "This page is no longer let in. Open it again with the address that inkread printed.",
    413: "The file is too large to be read here.",
    429: "Too many at once. Wait a moment and try again.",
    503: "The reader is busy. Try again in a moment.",
  };
  return words[answer.status] ?? `The reader could not do it (it answered ${answer.status}).`;
}

function pause(seconds, signal) {
  const wait = 1000 * Math.min(Math.max(Number(seconds) || 1, 0.2), 10);
  return new Promise((done, stop) => {
    const timer = setTimeout(done, wait);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      stop(new DOMException("stopped", "AbortError"));
    });
  });
}
