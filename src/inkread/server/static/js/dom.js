/**
 * Small helpers for building the page. Text is only ever set as text, never as markup: what was read from a
 * picture, or a file's name, may say anything.
 */

/**
 * Make an element: `el("button.quiet", { type: "button", onclick }, "Undo")`.
 *
 * @param {string} spec tag and classes.
 * @param {object} props properties; names with a dash, and `role`, are set as attributes; `style` is an object.
 * @param {...(Node|string|null|undefined|false)} children strings become text.
 */
export function el(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  set(node, props);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Set properties and attributes of an element, as `el` does. */
export function set(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name === "style") Object.assign(node.style, value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name.includes("-") || name === "role" || name === "for") {
      if (value === null || value === false) node.removeAttribute(name);
      else node.setAttribute(name, value === true ? "" : value);
    } else node[name] = value;
  }
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element; every value becomes an attribute. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** One of the page's own icons; decoration, hidden from readers of the screen. */
export function icon(name) {
  const shape = svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" });
  shape.append(svg("use", { href: `#i-${name}` }));
  return shape;
}

/** The element of this id. */
export const byId = (id) => document.getElementById(id);

let spoken = 0;

/** Say something to who cannot see the page; only the last of what comes quickly is said. */
export function say(text, after = 400) {
  clearTimeout(spoken);
  spoken = setTimeout(() => {
    byId("spoken").textContent = text;
  }, after);
}

/** A share in per cent, with a decimal where the first two digits would hide what is left. */
export function percent(share) {
  if (share >= 0.9995) return "100 %";
  const digits = share >= 0.985 || (share > 0 && share < 0.0095) ? 1 : 0;
  return `${(100 * share).toFixed(digits)} %`;
}

/** `3 pictures`, `1 picture`. */
export const count = (number, word, many = `${word}s`) => `${number} ${number === 1 ? word : many}`;

/** Let go of the URLs of a picture that is no longer shown. */
export function release(...urls) {
  for (const url of urls) if (url) URL.revokeObjectURL(url);
}

/** An image from base64 PNG, as the service sends them. */
export const pngUrl = (base64) => `data:image/png;base64,${base64}`;
