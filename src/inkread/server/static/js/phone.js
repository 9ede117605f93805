/**
 * The phone: on the laptop a code to scan, and what comes from the phone; on the phone nothing but the page
 * itself, which begins with pictures.
 */
import { el, icon, say } from "./dom.js";
import { complain, excuse } from "./notices.js";
import { invite, news, phonePictures } from "./api.js";

export class Phone {
  /**
   * @param {HTMLElement} place the section of the page.
   * @param {function(object): void} came called with each page that was read on the phone, as a job.
   */
  constructor(place, came) {
    this.place = place;
    this.came = came;
    this.last = 0;
    this.#build();
    new IntersectionObserver(([seen]) => seen.isIntersecting && this.#begin()).observe(place);
    news({ phone: ({ paired }) => this.#paired(paired), picture: () => this.#fetch(), hello: () => this.#fetch() });
  }

  #build() {
    this.code = el("img.qr", { alt: "A QR code that opens this page on a phone" });
    this.address = el("p.address");
    this.state = el("p.phone-state", { role: "status" });
    this.place.append(
      el("div.phone", {},
        el("div.phone-code", {}, this.code, this.address,
          el("button.quiet", { type: "button", onclick: () => this.#renew() }, icon("right"), "New code")),
        el("div.phone-steps", {},
          el("h1", { id: "phone-title" }, "Read with your phone's camera"),
          el("ol", {},
            el("li", {}, "Bring the phone into the same network as this machine."),
            el("li", {}, "Point its camera at the code and open the address. It works once, for ten minutes."),
            el("li", {}, "Take a photo of some handwriting. It is read on this machine, and shows on both.")),
          this.state)));
  }

  /** A code is asked for when it is looked at, not before. */
  #begin() {
    if (!this.code.src) this.#renew();
  }

  async #renew() {
    try {
      const { url, qr } = await invite();
      this.code.src = `data:image/svg+xml;base64,${qr}`;
      this.address.textContent = url;
      excuse("phone");
    } catch (error) {
      complain(error.message, "phone");
    }
  }

  #paired(count) {
    if (!count) return;
    const words = count === 1 ? "A phone is here. Take a photo with it." : `${count} phones are here.`;
    this.state.replaceChildren(el("span.sign.is-accepted", { "aria-hidden": "true" }, "✓"), words);
    say(words);
  }

  /** Take what came since the last time. */
  async #fetch() {
    try {
      const { paired, pictures } = await phonePictures(this.last);
      this.#paired(paired);
      for (const { id, names, answer } of pictures) {
        if (id <= this.last) continue;
        this.last = id;
        for (const name of names) {
          const pages = answer.pages.filter((page) => page.source === name);
          if (pages.length) this.came({ file: null, name: `${name} (phone)`, pages, ms: answer.ms });
        }
      }
    } catch (error) {
      complain(error.message, "phone");
    }
  }
}
