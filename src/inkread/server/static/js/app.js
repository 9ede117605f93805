/** The page: finds out what can be read here, builds its views, and shows the one that the address names. */
import { kinds, news } from "./api.js";
import { byId, say } from "./dom.js";
import { Draw } from "./draw.js";
import { Forms } from "./forms.js";
import { complain, excuse } from "./notices.js";
import { Phone } from "./phone.js";
import { Pictures } from "./pictures.js";
import { startTheme } from "./theme.js";

const VIEWS = { draw: "Draw", pictures: "Pictures", forms: "Forms", phone: "From the phone" };

function start() {
  startTheme(byId("theme"));
  window.addEventListener("hashchange", show);
  show();
  connect();
}

/** Ask the service what it can do, again and again until it answers, then build the views. */
async function connect() {
  let abilities;
  try {
    abilities = await kinds();
    excuse("start");
  } catch (error) {
    complain(error.message, "start");
    setTimeout(connect, 2000);
    return;
  }
  byId("versions").textContent = versions(abilities);
  new Draw(byId("view-draw"), abilities);
  const pictures = new Pictures(byId("view-pictures"), abilities);
  news({});
  if (abilities.forms) {
    document.querySelector('nav [data-view="forms"]').hidden = false;
    new Forms(byId("view-forms"));
  }
  if (abilities.lan && abilities.you === "owner") {
    document.querySelector('nav [data-view="phone"]').hidden = false;
    new Phone(byId("view-phone"), (job) => pictures.addDone(job));
  }
  if (abilities.you === "phone") {
    byId("where").textContent = "Everything is read on the machine that showed the code, and nowhere else.";
    if (!location.hash) location.hash = "#pictures";
  }
  document.documentElement.dataset.ready = "yes";
}

/** Show the view that the address names; the first where it names none. */
function show() {
  const asked = location.hash.slice(1).split("?")[0];
  const name = asked in VIEWS ? asked : "draw";
  for (const view of Object.keys(VIEWS)) byId(`view-${view}`).hidden = view !== name;
  for (const link of document.querySelectorAll("nav [data-view]")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${VIEWS[name]} · inkread`;
  if (asked) say(VIEWS[name]);
}

function versions({ version, models }) {
  const named = Object.entries(models ?? {}).map(([name, number]) => `${name} ${number}`);
  return [`inkread ${version}`, ...named].join(" · ");
}

start();
