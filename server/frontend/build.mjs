// Bundle the editor: node build.mjs FOLDER. Writes sparql-editor.js and the licences of all that is in it.
import { build } from "esbuild";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) throw new Error("usage: node build.mjs FOLDER");

const result = await build({
  entryPoints: ["src/sparql-editor.js"],
  outdir: folder,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none", // the licences are in a file of their own
  metafile: true,
  logLevel: "warning",
});

const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}

const texts = [];
for (const name of [...packages].sort()) {
  const home = join("node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const file = (await readdir(home)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? (await readFile(join(home, file), "utf8")).trim() : `Licence: ${license}`;
  texts.push(`${name} ${version} (${license})\n\n${text}\n`);
}
await mkdir(folder, { recursive: true });
await writeFile(
  join(folder, "THIRD-PARTY-LICENSES.txt"),
  `sparql-editor.js contains the following packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`,
);
