// Marks of errors, where the server finds them: the grammar of the editor is for colours alone.
export function checker(address) {
  return async (view) => {
    const text = view.state.doc.toString();
    if (!text.trim()) return [];
    let said;
    try {
      const answer = await fetch(address, {
        method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: "application/json" }, body: text,
      });
      if (!answer.ok) return [];
      said = await answer.json();
    } catch {
      return []; // without a network there is no check
    }
    return said.errors.map((error) => ({ ...place(view.state.doc, error), severity: "error", message: error.message }));
  };
}

function place(doc, { line, column }) {
  if (!line) return { from: 0, to: doc.line(1).to }; // it is the query as a whole
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  // The server counts characters; the editor counts units of UTF-16.
  const before = [...at.text].slice(0, Math.max(column - 1, 0)).join("").length;
  let from = at.from + Math.min(before, at.length);
  from += /^\s*(?=\S)/.exec(at.text.slice(from - at.from))?.[0].length ?? 0; // the engine stops before blanks
  const word = /^[\w:?$@-]+|^\S/u.exec(at.text.slice(from - at.from));
  let to = from + (word ? word[0].length : 0);
  if (from === to) { // the end of a line: mark what is before it
    if (from > at.from) from -= 1;
    else if (to < doc.length) to += 1;
  }
  return { from, to };
}
