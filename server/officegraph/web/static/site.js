// Copying and the colour theme. Everything else works without scripts.
"use strict";
(() => {
  const root = document.documentElement;
  const themes = ["auto", "light", "dark"];
  let theme = "auto";
  try { theme = localStorage.getItem("theme") ?? "auto"; } catch { /* storage is off: keep to the system */ }
  if (!themes.includes(theme)) theme = "auto";

  const show = () => {
    if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
    for (const name of document.querySelectorAll("[data-theme-name]")) name.textContent = name.dataset[theme];
  };

  show(); // before the first paint, so that the page does not flash
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-theme-switch]");
    if (!button) return;
    if (button.hasAttribute("data-theme-switch")) {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try { localStorage.setItem("theme", theme); } catch { /* not kept */ }
      show();
      return;
    }
    await navigator.clipboard?.writeText(button.dataset.copy);
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    status.className = "small";
    button.after(status);
    status.textContent = document.body.dataset.copied;
    setTimeout(() => status.remove(), 2000);
  });
})();
