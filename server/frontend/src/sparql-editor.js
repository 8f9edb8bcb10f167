// The editor of the SPARQL page: CodeMirror over the text field of a form, which keeps the text.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { linter, lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { checker } from "./check.js";
import { completions } from "./complete.js";
import { highlighting, theme } from "./theme.js";

const CHECK_AFTER = 500; // milliseconds after the last key
const LONGEST_ADDRESS = 6000; // characters of a query in a URL; longer ones are sent as content

// What the grammar leaves without a colour.
const language = SparqlLanguage.configure({
  props: [styleTags({ "Pname_ln Pname_ns": tags.url, Langtag: tags.annotation, A_predicate: tags.keyword })],
});

function mount(area) {
  const { form } = area;
  const address = (name) => `${area.dataset.address}${name}`;
  const host = document.createElement("div");
  host.className = "editor";
  const root = host.attachShadow({ mode: "open" }); // there, style sheets are made of rules, which no policy forbids
  area.after(host);

  const hint = document.createElement("p");
  hint.id = "hint";
  hint.hidden = true;
  hint.textContent = area.dataset.hint;
  root.append(hint);

  const run = () => { form.requestSubmit(form.querySelector("button:not([type=button])")); return true; };
  const leave = (view) => {
    // Escape, then Tab, goes on to what comes after the editor (WCAG 2.1.2): Escape ends the Tab that indents.
    view.contentDOM.dataset.leaving = "";
    return false;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(), highlightActiveLineGutter(), foldGutter(), highlightSpecialChars(), history(), drawSelection(),
        indentOnInput(), indentUnit.of("  "), bracketMatching(), closeBrackets(), highlightActiveLine(),
        highlightSelectionMatches(),
        new LanguageSupport(language),
        syntaxHighlighting(highlighting),
        theme,
        autocompletion({ override: [completions(address)], icons: false, activateOnTyping: true }),
        linter(checker(address("check")), { delay: CHECK_AFTER }),
        lintGutter(),
        keymap.of([
          { key: "Mod-Enter", run },
          { key: "Escape", run: leave },
          { key: "Tab", run: (current) => acceptCompletion(current) },
          { key: "Tab", run: (current) => !("leaving" in current.contentDOM.dataset) && indentWithTab.run(current), shift: indentWithTab.shift },
          ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap,
          ...completionKeymap, ...lintKeymap,
        ]),
        EditorView.domEventHandlers({
          keydown: (event, current) => {
            if (!["Escape", "Tab", "Shift"].includes(event.key)) delete current.contentDOM.dataset.leaving;
            return false;
          },
          focus: (_event, current) => { delete current.contentDOM.dataset.leaving; return false; },
        }),
        EditorView.contentAttributes.of({
          "aria-label": area.labels[0]?.textContent.trim() ?? "SPARQL",
          "aria-describedby": "hint",
          autocapitalize: "none", autocorrect: "off", spellcheck: "false", dir: "ltr",
          tabindex: "0", // it is so anyway; checkers look for it
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = update.state.doc.toString();
        }),
      ],
    }),
  });

  // What else changes the text, such as the buttons for prefixes, tells of it by an event.
  area.addEventListener("input", () => {
    if (area.value !== view.state.doc.toString()) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: area.value } });
    }
  });
  form.addEventListener("submit", () => {
    form.method = encodeURIComponent(area.value).length > LONGEST_ADDRESS ? "post" : "get";
  });
  for (const label of area.labels) label.addEventListener("click", (event) => { event.preventDefault(); view.focus(); });
  area.hidden = true; // it stays in the form, and is what is sent
  area.required = false; // a hidden field cannot tell what it lacks; the server does
  form.classList.add("has-editor");
}

for (const area of document.querySelectorAll("textarea[data-editor]")) mount(area);
