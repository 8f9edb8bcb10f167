// Copying, the colour theme, suggestions while searching. Everything else, and searching itself, works without scripts.
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

// The search box as a combobox with a list (WAI-ARIA 1.2, "combobox"; ARIA Authoring Practices, "Editable Combobox
// With List Autocomplete"). The input keeps the focus; what is chosen in the list is told by aria-activedescendant.
(() => {
  const PAUSE = 120; // milliseconds without a key after which the server is asked
  const LONGEST = 256;

  const element = (name, properties = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value !== null && value !== undefined && value !== "") made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };

  // Spans count code points, as the server does.
  const marked = (text, spans) => {
    const characters = [...text];
    const parts = [];
    let at = 0;
    for (const [start, end] of spans) {
      parts.push(characters.slice(at, start).join(""), element("mark", {}, characters.slice(start, end).join("")));
      at = end;
    }
    parts.push(characters.slice(at).join(""));
    return parts;
  };

  const combobox = (form) => {
    const input = form.querySelector("input[name=q]");
    const list = element("ul", { role: "listbox", id: `${input.id}-list`, "aria-label": form.dataset.label });
    const panel = element("div", { class: "suggestions" }, list);
    const hint = form.querySelector("template");
    if (hint) panel.append(hint.content.cloneNode(true));
    panel.querySelector(".foot")?.setAttribute("aria-hidden", "true");
    panel.hidden = true;
    const status = element("div", { role: "status", class: "visually-hidden" });
    form.append(panel, status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, "aria-haspopup": "listbox",
    })) input.setAttribute(name, value);

    const known = new Map();
    let rows = [];
    let active = -1;
    let timer = 0;
    let request = null;

    const choose = (index) => {
      active = index;
      [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
      const option = list.children[index];
      if (option) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    };

    const close = () => {
      clearTimeout(timer);
      request?.abort();
      panel.hidden = true;
      input.setAttribute("aria-expanded", "false");
      choose(-1);
    };

    const open = () => {
      if (!rows.length || !input.value.trim()) return;
      panel.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };

    const option = (row, index) => {
      const isName = row.matched === row.label;
      const name = element("span", { dir: "auto", lang: isName ? row.language : null }, ...(isName ? marked(row.label, row.spans) : [row.label]));
      const words = element("span", {}, name);
      if (!isName) words.append(" ", element("span", { class: "matched", dir: "auto", lang: row.language }, ...marked(row.matched, row.spans)));
      const offices = element("span", {});
      for (const office of row.office.slice(0, 2)) {
        const chip = element("span", { class: `chip ${office.style ?? ""}`.trim() }, office.label);
        if (office.style) chip.prepend(element("span", { class: "dot" }));
        offices.append(chip, " ");
      }
      const made = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" }, words, offices);
      const above = row.broader.join(" › ") || row.kindLabel;
      if (above) made.append(element("span", { class: "above", dir: "auto" }, above));
      return made;
    };

    const fill = (found) => {
      rows = found;
      list.replaceChildren(...rows.map(option));
      choose(-1);
      status.textContent = rows.length ? `${form.dataset.count} ${rows.length}` : form.dataset.none;
      if (rows.length) open(); else close();
    };

    const ask = async () => {
      const text = input.value.trim().slice(0, LONGEST);
      request?.abort();
      if (!text) { rows = []; status.textContent = ""; close(); return; }
      if (known.has(text)) { fill(known.get(text)); return; }
      request = new AbortController();
      const { signal } = request;
      try {
        const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal, headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const found = await answer.json();
        if (known.size > 100) known.clear();
        known.set(text, found);
        if (!signal.aborted && document.activeElement === input) fill(found);
      } catch { /* aborted or offline: the form still works */ }
    };

    // The address of a row names the host as programs are told to call it; a reader stays on this one.
    const go = (row) => {
      const url = new URL(row.url);
      url.protocol = location.protocol;
      url.host = location.host;
      location.assign(url);
    };

    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (panel.hidden) {
          if (event.altKey || rows.length) open(); else ask();
          if (event.altKey || panel.hidden) return;
        }
        // One place before the first and after the last is that of the input itself.
        const places = rows.length + 1;
        choose((active + 1 + step + places) % places - 1);
      } else if (event.key === "Enter" && !panel.hidden && active >= 0) {
        event.preventDefault();
        go(rows[active]);
      } else if (event.key === "Escape") {
        if (!panel.hidden) { event.preventDefault(); close(); } else if (input.value) { event.preventDefault(); input.value = ""; rows = []; }
      } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
        choose(-1);
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the input
    list.addEventListener("click", (event) => {
      const place = [...list.children].indexOf(event.target.closest("[role=option]"));
      if (place >= 0) go(rows[place]);
    });
    form.addEventListener("submit", close);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const forms = document.querySelectorAll("form[data-suggest]");
    forms.forEach(combobox);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.composedPath()[0]; // within an editor in a shadow root, too
      if (target instanceof Element && target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])")) return;
      const input = forms[0]?.querySelector("input[name=q]");
      if (!input) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  });
})();
