// The SPARQL page: a filter for the examples, buttons for prefixes, links to what stands in the form.
"use strict";
(() => {
  const area = document.getElementById("query");
  if (!area) return;

  // The buttons for prefixes add a declaration, once; the editor hears of it by the event.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-prefix]");
    if (!button) return;
    const { prefix, namespace } = button.dataset;
    const declared = [...area.value.matchAll(/^[ \t]*PREFIX[ \t]+([^\s:]*):/gim)].some((found) => found[1] === prefix);
    if (declared) return;
    area.value = `PREFIX ${prefix}: <${namespace}>\n${area.value}`;
    area.dispatchEvent(new Event("input"));
  });

  // What is copied is a link to the query as it now is. Before site.js, which copies what it finds on the button.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-share]");
    if (!button) return;
    const fields = new URLSearchParams(new FormData(area.form));
    if (fields.get("format") === "html") fields.delete("format");
    button.dataset.copy = `${area.form.action}?${fields}`;
  }, true);

  const examples = document.querySelector("[data-examples]");
  const current = examples?.querySelector("[aria-current]");
  if (current) examples.scrollTop = current.offsetTop - examples.offsetTop - 60; // no more than the list itself scrolls
  const entries = examples ? [...examples.querySelectorAll("li")] : [];
  if (entries.length < 8) return;
  const topics = [...examples.querySelectorAll("details")];
  const opened = topics.map((topic) => topic.open);
  const field = document.createElement("input");
  field.type = "search";
  field.className = "filter";
  field.placeholder = examples.dataset.filter;
  field.setAttribute("aria-label", examples.dataset.filter);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const entry of entries) {
      const text = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
    }
    for (const [number, topic] of topics.entries()) {
      const left = topic.querySelector("li:not([hidden])");
      topic.hidden = !left;
      topic.open = words.length ? Boolean(left) : opened[number];
    }
  });
  examples.before(field);
})();
