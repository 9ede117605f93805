/** Light or dark: as the system has it, until somebody chooses. */
const KEPT = "inkread-theme";
const isDark = window.matchMedia("(prefers-color-scheme: dark)");

/** Follow the system, and let a button change it for good. */
export function startTheme(button) {
  apply();
  isDark.addEventListener("change", apply);
  button.addEventListener("click", () => {
    keep(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    apply();
  });
}

function apply() {
  const theme = kept() ?? (isDark.matches ? "dark" : "light");
  if (document.documentElement.dataset.theme === theme) return;
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("themechange"));
}

/** What was chosen; private windows may forbid to ask. */
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(theme) {
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // it lasts until the page is closed
  }
}
