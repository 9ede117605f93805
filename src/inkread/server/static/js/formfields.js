/** The fields of a form as a list, and what can be said of the chosen one: its name, label, type and place. */
import { el } from "./dom.js";
import { around, rectsOf } from "./formpaper.js";

const TYPES = ["text", "character", "checkbox", "us_zip", "us_zip4", "digits", "amount", "date", "date:mdy", "date:dmy", "date:ymd", "phone", "phone:us", "routing", "luhn"];

export class FormFields {
  /**
   * @param {function(number)} chosen a field was chosen here.
   * @param {function()} changed something about it was changed.
   */
  constructor(chosen, changed) {
    this.chosen = chosen;
    this.changed = changed;
    this.current = -1;
    this.list = el("ol.form-list", {});
    this.name = this.#input("name");
    this.label = this.#input("label");
    this.type = this.#input("type");
    this.type.setAttribute("list", "form-types");
    this.required = el("input", { type: "checkbox", id: "form-required", onchange: () => this.#set("required", this.required.checked) });
    this.place = el("p.told", {});
    this.remove = el("button.quiet", { type: "button", onclick: () => this.#remove() }, "Remove this field");
    this.node = el(
      "div.form-fields",
      {},
      el(
        "fieldset.form-one",
        {},
        el("legend", {}, "The chosen field"),
        line("Name, of its column", this.name),
        line("Label, as printed", this.label),
        line("Type", this.type),
        el("datalist", { id: "form-types" }, TYPES.map((type) => el("option", { value: type }))),
        el("label.form-check", { for: "form-required" }, this.required, "must be filled"),
        this.place,
        this.remove,
      ),
      this.list,
    );
  }

  #input(key) {
    return el("input", { type: "text", id: `form-${key}`, autocomplete: "off", spellcheck: false, onchange: (event) => this.#set(key, event.target.value.trim()) });
  }

  open(form) {
    this.form = form;
    this.current = -1;
    this.#fill();
  }

  choose(number) {
    this.current = number;
    this.#fill();
  }

  /** The chosen field was moved. */
  refresh() {
    const field = this.form.fields[this.current];
    if (!field) return;
    const [left, top, right, bottom] = around(rectsOf(field));
    const many = field.boxes?.length ?? field.comb?.cells;
    this.place.textContent = `${many ? `${many} boxes, ` : ""}${left.toFixed(1)}, ${top.toFixed(1)} to ${right.toFixed(1)}, ${bottom.toFixed(1)} mm`;
  }

  #fill() {
    const field = this.form.fields[this.current];
    for (const part of [this.name, this.label, this.type, this.required, this.remove]) part.disabled = !field;
    this.name.value = field?.name ?? "";
    this.label.value = field?.label ?? "";
    this.type.value = field?.type ?? "";
    this.type.readOnly = field?.type === "choice";
    this.required.checked = field?.required ?? false;
    this.place.textContent = "";
    this.refresh();
    this.list.replaceChildren(...this.form.fields.map((one, number) => this.#row(one, number)));
  }

  #row(field, number) {
    const button = el("button.quiet", { type: "button", onclick: () => this.chosen(number) }, el("span.form-name", {}, field.name), el("span.told", {}, field.type));
    if (number === this.current) button.setAttribute("aria-current", "true");
    return el("li", {}, button);
  }

  #set(key, value) {
    const field = this.form.fields[this.current];
    if (!field) return;
    if (value === "" || value === false) {
      if (key === "name" || key === "type") return this.#fill();
      delete field[key];
    } else field[key] = value;
    this.changed();
    return this.#fill();
  }

  #remove() {
    this.form.fields.splice(this.current, 1);
    this.chosen(Math.min(this.current, this.form.fields.length - 1));
  }
}

const line = (text, input) => el("label.form-line", { for: input.id }, el("span", {}, text), input);
