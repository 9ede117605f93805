/** The ways in: choose, drop, paste, take a photo. Each ends in a list of files. */
import { byId, el } from "./dom.js";

const TYPES = "image/*,application/pdf,.pdf,.heic,.heif,.tif,.tiff";

/** A button that lets one choose files. */
export function chooser(given, { label, mark, camera = false, main = false }) {
  const input = el("input.unseen", { type: "file", accept: camera ? "image/*" : TYPES, multiple: !camera, tabIndex: -1, "aria-hidden": "true" });
  if (camera) input.setAttribute("capture", "environment");
  input.addEventListener("change", () => {
    if (input.files.length) given([...input.files]);
    input.value = "";
  });
  const button = el(main ? "button.main" : "button", { type: "button", onclick: () => input.click() }, mark, label);
  return [button, input];
}

/** Whether this machine is held in the hand and so has a camera that looks at paper. */
export const isHandheld = () => window.matchMedia("(pointer: coarse)").matches;

/** Take what is dropped anywhere on the page, and what is pasted. */
export function listen(given) {
  const curtain = byId("drop-here");
  let depth = 0;
  const has = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (isOver) => {
    depth = isOver ? depth : 0;
    curtain.hidden = !isOver;
  };
  document.addEventListener("dragenter", (event) => {
    if (!has(event)) return;
    depth += 1;
    show(true);
  });
  document.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) show(false);
  });
  document.addEventListener("dragover", (event) => {
    if (has(event)) event.preventDefault();
  });
  document.addEventListener("drop", async (event) => {
    if (!has(event)) return;
    event.preventDefault();
    show(false);
    const files = await dropped(event.dataTransfer);
    if (files.length) given(files);
  });
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    given(files.map((file) => (file.name === "image.png" ? new File([file], "pasted.png", { type: file.type }) : file)));
  });
}

/** The files of a drop; of folders, all that are in them. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map(within))).flat();
}

async function within(entry) {
  if (entry.isFile) return [await new Promise((done, stop) => entry.file(done, stop))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, stop) => reader.readEntries(done, stop));
    if (!some.length) break;
    found.push(...some);
  }
  found.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  return (await Promise.all(found.filter((e) => !e.name.startsWith(".")).map(within))).flat();
}
