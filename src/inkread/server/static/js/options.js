/** How pictures are read: the kind, the format of a field, how many errors one is ready to take. */
import { el } from "./dom.js";

const KINDS = {
  auto: "Find out by itself",
  digit: "Single digits",
  character: "Single letters and digits",
  field: "A field: a number, a code, a date",
  line: "One line of text",
  note: "A page of text",
  mail: "An envelope or a label",
  form: "A form",
  check: "A bank check",
};
const FORMATS = {
  us_zip: "US ZIP code",
  us_zip4: "US ZIP code, ZIP+4",
  digits: "Digits",
  amount: "Amount",
  phone: "Phone number",
  routing: "Routing number",
  luhn: "Card number",
};
const OTHER = "…";
const CHARSETS = {
  alnum: "Letters and digits",
  letters: "Letters",
  upper: "Capitals",
  lower: "Small letters",
  digits: "Digits",
};
const TARGETS = { 0.05: "1 in 20", 0.01: "1 in 100", 0.005: "1 in 200", 0.001: "1 in 1,000" };
const LANGUAGES = { auto: "Any language", en: "English", fr: "French", none: "Letter by letter" };

export class Options {
  /**
   * @param {object} abilities what `/v1/kinds` says.
   * @param {function(): void} changed called when something else is chosen.
   */
  constructor(abilities, changed) {
    this.kind = choice("Read as", named(abilities.kinds, KINDS), changed);
    this.format = choice("Format", [...named(abilities.formats ?? [], FORMATS), [OTHER, "Another …"]], () => this.#other() || changed());
    this.spec = el("input", { type: "text", placeholder: "digits:8 or regex:[A-Z]{2}[0-9]{4}", spellcheck: false, autocomplete: "off" });
    this.spec.addEventListener("change", changed);
    this.other = el("label.option", { hidden: true }, el("span", {}, "Its name"), this.spec);
    this.charset = choice("Characters", named(abilities.charsets ?? [], CHARSETS), changed);
    this.target = choice("Wrong among accepted", Object.entries(TARGETS).sort((a, b) => b[0] - a[0]), changed);
    this.language = choice("Language", named(abilities.languages ?? [], LANGUAGES), changed);
    this.target.select.value = "0.01";
    this.charset.select.value = "alnum";
    this.node = el("div.options", {}, this.kind.node, this.format.node, this.other, this.charset.node, this.language.node, this.target.node);
    this.kind.select.addEventListener("change", () => this.#fit());
    this.#fit();
  }

  /** Only what matters for the kind is shown. */
  #fit() {
    const kind = this.kind.select.value;
    this.format.node.hidden = kind !== "field";
    this.#other();
    this.charset.node.hidden = kind !== "character";
    this.language.node.hidden = !["line", "note"].includes(kind) || this.language.select.options.length < 2;
  }

  /** Show where another format is named; whether its name is still to come. */
  #other() {
    this.other.hidden = this.format.node.hidden || this.format.select.value !== OTHER;
    if (!this.other.hidden && !this.spec.value) this.spec.focus();
    return !this.other.hidden && !this.spec.value;
  }

  /** As the service takes it. */
  get value() {
    const kind = this.kind.select.value;
    const shown = ({ node, select }) => (node.hidden ? "" : select.value);
    return {
      kind,
      format: this.other.hidden ? shown(this.format) : this.spec.value.trim(),
      charset: shown(this.charset),
      language: shown(this.language),
      target_error: this.target.select.value,
    };
  }
}

const named = (names, words) => names.map((name) => [name, words[name] ?? name]);

function choice(label, options, changed) {
  const select = el("select", {}, options.map(([value, text]) => el("option", { value }, text)));
  select.addEventListener("change", () => setTimeout(changed));
  return { select, node: el("label.option", {}, el("span", {}, label), select) };
}
