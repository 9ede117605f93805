/**
 * Forms: give a blank one, see what it asks for, put it right, keep it as a template, and read filled ones by it.
 */
import { checkForm, learnForm, readForm } from "./api.js";
import { count, el, icon, pngUrl, say } from "./dom.js";
import { FormFields } from "./formfields.js";
import { FormPaper } from "./formpaper.js";
import { chooser } from "./intake.js";
import { complain, excuse } from "./notices.js";

const isTemplate = (file) => /\.toml$/i.test(file.name);
const isPdf = (file) => file.type === "application/pdf" || /\.pdf$/i.test(file.name);

/** A file's bytes from base64. */
function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

export class Forms {
  /** @param {HTMLElement} place the section of the page. */
  constructor(place) {
    this.place = place;
    this.form = null;
    this.blanks = [];
    this.readings = [];
    this.scans = [];
    this.paper = new FormPaper((n) => this.#choose(n), () => this.fields.refresh());
    this.fields = new FormFields((n) => this.#choose(n), () => this.paper.draw());
    this.#build();
    document.addEventListener("given", (event) => this.give(event.detail));
  }

  #build() {
    const [blank, blankInput] = chooser((files) => this.give(files), { label: "Open a blank form", mark: icon("picture"), main: true });
    blankInput.accept += ",.toml";
    const [scan, scanInput] = chooser((files) => this.#read(files), { label: "Read filled forms", mark: icon("plus"), main: true });
    this.start = el("div.form-start", {}, el("p", {}, "A PDF or a scan that nobody has filled. Or a template, with the picture of its blank page."), el("div.row", {}, blank, blankInput));
    this.told = el("p.told", { role: "status" });
    this.save = el("button", { type: "button", onclick: () => this.#save() }, icon("save"), "Save the template");
    this.another = el("button.quiet", { type: "button", onclick: () => this.#forget() }, "Another form");
    this.excel = el("button", { type: "button", hidden: true, onclick: () => this.#excel() }, icon("save"), "Save as Excel");
    this.table = el("div.form-table", { hidden: true, tabIndex: 0, role: "region", "aria-label": "What the forms say" });
    this.work = el(
      "div.form-work",
      { hidden: true },
      el("div.row", {}, this.told, this.another, this.save, scan, scanInput, this.excel),
      this.table,
      el("div.form-edit", {}, this.paper.node, this.fields.node),
    );
    this.place.append(el("h1", { id: "forms-title" }, "Read a form, every field by its name"), this.start, this.work);
  }

  /** A blank form, a template, or, where a form is open, filled ones. */
  async give(files) {
    const template = files.find(isTemplate);
    if (this.form && !template) return this.#read(files);
    this.#busy(true);
    try {
      excuse("forms");
      const others = files.filter((file) => file !== template);
      const told = template ? await checkForm(template, others) : await learnForm(files[0]);
      this.blanks = template ? others : told.pages.map((page) => new File([bytesOf(page.png)], page.reference, { type: "image/png" }));
      const pictures = told.pages.map((page) => this.#picture(page));
      this.#open(told.template, pictures);
    } catch (error) {
      complain(error.message, "forms");
    } finally {
      this.#busy(false);
    }
    return undefined;
  }

  /** The address of a page's picture; of a template's page, among what came with it. */
  #picture(page) {
    if (page.png) return pngUrl(page.png);
    const file = this.blanks.find((one) => one.name === page.reference && !isPdf(one));
    return file ? URL.createObjectURL(file) : "";
  }

  #open(form, pictures) {
    this.form = form;
    this.start.hidden = true;
    this.work.hidden = false;
    this.readings = [];
    this.table.hidden = this.excel.hidden = true;
    this.paper.open(form, pictures);
    this.fields.open(form);
    this.told.textContent = `${count(form.fields.length, "field")} on ${count(form.pages.length, "page")}. Drag them, name them, give each its type.`;
    say(this.told.textContent);
    this.#choose(0);
  }

  #forget() {
    this.form = null;
    this.start.hidden = false;
    this.work.hidden = true;
    excuse("forms");
  }

  #choose(number) {
    this.paper.choose(number);
    this.fields.choose(number);
  }

  #busy(isBusy) {
    this.place.setAttribute("aria-busy", String(isBusy));
    if (isBusy) say("Looking at the form");
  }

  /** The template as the service takes it. */
  #template() {
    return new File([JSON.stringify(this.form)], "template.json", { type: "application/json" });
  }

  async #save() {
    try {
      const told = await checkForm(this.#template(), this.blanks);
      excuse("forms");
      const name = this.form.name || "form";
      download(new Blob([told.toml], { type: "application/toml" }), `${name}.toml`);
      for (const file of this.blanks) download(file, file.name);
      say("Template saved", 0);
    } catch (error) {
      complain(error.message, "forms");
    }
  }

  async #read(files) {
    this.#busy(true);
    try {
      excuse("forms");
      const answer = await readForm(files, this.#template(), this.blanks);
      this.scans.push(...files);
      this.readings.push(...answer.pages);
      this.#show();
    } catch (error) {
      complain(error.message, "forms");
    } finally {
      this.#busy(false);
    }
  }

  /** A row a form, a column a field. */
  #show() {
    const names = this.form.fields.map((field) => field.name);
    const head = el("tr", {}, ["Form", ...names, "Looked over"].map((name) => el("th", { scope: "col" }, name)));
    const rows = this.readings.flatMap((page) => rowsOf(page, names));
    this.table.replaceChildren(el("table", {}, el("caption.unseen", {}, "What the forms say"), el("thead", {}, head), el("tbody", {}, rows)));
    this.table.hidden = this.excel.hidden = false;
    say(`${count(rows.length, "form")} read`, 0);
  }

  async #excel() {
    try {
      const answer = await readForm(this.scans, this.#template(), this.blanks, "xlsx");
      download(answer, `${this.form.name || "forms"}.xlsx`);
      excuse("forms");
    } catch (error) {
      complain(error.message, "forms");
    }
  }
}

/** The rows of a page: one a form on it. */
function rowsOf(page, names) {
  const forms = [...new Set(page.readings.map((reading) => reading.document))];
  return forms.map((number) => {
    const mine = page.readings.filter((reading) => reading.document === number);
    const cells = names.map((name) => cellOf(mine.find((reading) => reading.name === name)));
    const refused = mine.length === 1 && !mine[0].name ? mine[0].reason : "";
    const doubtful = mine.filter((reading) => reading.status !== "accepted").length;
    const told = refused || (doubtful ? `${doubtful} to look at` : "nothing to look at");
    return el("tr", {}, el("th", { scope: "row" }, page.source), cells, el("td", {}, told));
  });
}

function cellOf(reading) {
  if (!reading) return el("td", {});
  const text = reading.text || (reading.status === "accepted" ? "" : "?");
  return el(`td.is-${reading.status}`, { title: reading.reason }, text);
}

function download(blob, called) {
  const url = URL.createObjectURL(blob);
  el("a", { href: url, download: called }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
