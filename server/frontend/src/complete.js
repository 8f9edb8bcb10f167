// Completion of what the release has: prefixes, classes, properties, and concepts by label in any language.
import { keywords } from "./keywords.js";

const PREFIX_LINE = /^[ \t]*PREFIX[ \t]+([\w.-]*):[ \t]*<([^>]*)>/gim;

export function completions(address) {
  let prefixes; // asked for once
  const known = () => (prefixes ??= get(address("prefixes")).then((said) => said?.prefixes ?? {}));

  return async (context) => {
    if (inside(context)) return null;
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) return variables(context, variable);
    const word = context.matchBefore(/[\p{L}\p{N}_][\p{L}\p{N}_.-]*(?::[\p{L}\p{N}_.-]*)?/u);
    if (!word && !context.explicit) return null;
    const text = word?.text ?? "";
    const from = word?.from ?? context.pos;
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, from - line.from);
    if (/^\s*PREFIX\s+$/i.test(before)) return declarations(await known(), from);
    if (text.length < 2 && !text.includes(":") && !context.explicit) return null;

    const kind = kindAt(context.state.doc.sliceString(Math.max(0, from - 2000), from));
    const parameters = new URLSearchParams({ q: text });
    if (kind) parameters.set("kind", kind);
    const said = await get(`${address("terms")}?${parameters}`, context);
    if (context.aborted) return null;
    const declared = namespaces(context.state.doc.toString());
    const options = (said?.terms ?? []).map((term, rank) => option(term, declared, rank));
    if (!text.includes(":")) {
      options.push(...keywords.filter((name) => name.startsWith(text.toUpperCase())).map((name) => ({
        label: name, type: "keyword", boost: kind === "class" ? -99 : 0,
      })));
    }
    return options.length ? { from, options, filter: false } : null;
  };
}

// Where no term can stand: in a comment, a string, an IRI.
function inside({ state, pos }) {
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from).replace(/<[^<>\s]*>/g, "").replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "");
  return /["'#]/.test(before) || /<[^\s<>]*$/.test(before);
}

// What kind of term comes next: a class after "a", a property after a subject, else anything.
function kindAt(text) {
  if (/(?:\sa|\brdf:type|\brdfs:subClassOf)\s+$/.test(text)) return "class";
  const statement = text.replace(/<[^<>\s]*>/g, "<>").split(/[{}.](?=\s|$)|\b(?:OPTIONAL|UNION|MINUS|WHERE)\b/i).pop() ?? "";
  const part = statement.split(";").pop() ?? "";
  const terms = part.trim().split(/\s+/).filter(Boolean);
  const continues = statement.includes(";");
  if (/[/|^!(]\s*$/.test(part) && terms.length >= (continues ? 1 : 2)) return "property";
  if (continues ? terms.length === 0 : terms.length === 1) return "property";
  if (continues ? terms.length === 1 : terms.length === 2) return "concept";
  return null;
}

function variables({ state, pos }, { from }) {
  const names = new Set(state.doc.toString().match(/[?$]\w+/g) ?? []);
  names.delete(state.doc.sliceString(from, pos));
  return names.size ? { from, options: [...names].map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ } : null;
}

function declarations(prefixes, from) {
  const options = Object.entries(prefixes).map(([prefix, namespace]) => ({
    label: `${prefix}:`, detail: namespace, type: "namespace", apply: `${prefix}: <${namespace}>`,
  }));
  return { from, options, validFor: /^[\w.-]*:?$/ };
}

function namespaces(text) {
  return new Map([...text.matchAll(PREFIX_LINE)].map(([, prefix, namespace]) => [prefix, namespace]));
}

function option(term, declared, rank) {
  const name = term.name ?? `<${term.iri}>`;
  const detail = [term.match && term.match !== term.label ? `${term.match} → ${term.label}` : term.label, term.count?.toLocaleString()];
  return {
    label: name,
    detail: detail.filter(Boolean).join(" · "),
    type: term.kind,
    boost: -rank,
    apply: (view, _completion, from, to) => {
      const taken = declared.get(term.prefix);
      // A prefix that stands for something else in this query does not fit; the whole IRI does.
      const insert = !term.name || (taken !== undefined && taken !== term.namespace) ? `<${term.iri}>` : name;
      const changes = [{ from, to, insert }];
      let shift = 0;
      if (insert === name && term.name && taken === undefined) {
        const line = `PREFIX ${term.prefix}: <${term.namespace}>\n`;
        const at = firstPlace(view.state.doc);
        changes.unshift({ from: at, insert: line });
        shift = line.length;
      }
      view.dispatch({ changes, selection: { anchor: from + insert.length + shift }, userEvent: "input.complete" });
    },
  };
}

// After the comments at the top, before the first declaration.
function firstPlace(doc) {
  for (let number = 1; number <= doc.lines; number += 1) {
    const { text, from } = doc.line(number);
    if (text.trim() && !text.trim().startsWith("#")) return /^\s*(?:PREFIX|BASE|SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i.test(text) ? from : 0;
  }
  return 0;
}

async function get(address, context) {
  const controller = new AbortController();
  context?.addEventListener("abort", () => controller.abort());
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: controller.signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
