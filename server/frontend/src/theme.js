// Colours by the custom properties of the page, which reach into a shadow root; so light and dark need no script.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool], color: "var(--ed-keyword)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--ed-variable)" },
  { tag: [tags.url, tags.namespace, tags.typeName], color: "var(--ed-name)" },
  { tag: tags.string, color: "var(--ed-string)" },
  { tag: tags.annotation, color: "var(--ed-language)" },
  { tag: [tags.integer, tags.float], color: "var(--ed-number)" },
  { tag: tags.comment, color: "var(--ed-comment)", fontStyle: "italic" },
]);

export const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: ".92rem", maxHeight: "min(70vh, 44rem)" },
  "&.cm-focused": { outline: "none" }, // the box around the editor has the outline
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.65", overflow: "auto" },
  ".cm-content, .cm-gutter": { minHeight: "14rem" },
  ".cm-content": { padding: ".6rem 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 .9rem 0 .5rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 .3rem 0 .7rem" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklab, var(--accent-soft) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--accent-soft)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--ed-selection)" },
  ".cm-selectionMatch": { backgroundColor: "var(--mark)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-soft)" },
  ".cm-foldPlaceholder": { background: "var(--sunken)", border: "1px solid var(--edge)", color: "var(--muted)" },
  ".cm-tooltip": { background: "var(--surface)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: "var(--r)", boxShadow: "0 .4rem 1.4rem rgb(0 0 0 / .18)", overflow: "hidden", fontFamily: "var(--sans)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: ".85rem", maxHeight: "18rem", maxWidth: "min(44rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".3rem .6rem", display: "flex", gap: "1.5rem", alignItems: "baseline", justifyContent: "space-between" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "var(--sans)", color: "var(--muted)", marginInlineStart: "auto", overflow: "hidden", textOverflow: "ellipsis" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-diagnostic": { borderLeftColor: "var(--bad)", padding: ".5rem .8rem", maxWidth: "40rem", whiteSpace: "pre-wrap" },
  ".cm-diagnosticText": { color: "var(--ink)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panel input, .cm-panel button": { font: "inherit" },
  ".cm-textfield": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--edge)" },
  ".cm-button": { background: "var(--surface)", color: "var(--ink)", border: "1px solid var(--edge)" },
  ".cm-searchMatch": { backgroundColor: "var(--mark)", outline: "1px solid var(--edge)" },
});
