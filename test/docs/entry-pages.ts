import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Declaration, findDeclaration, namedExports } from "./declaration.ts";
import { anchorsOf } from "./markdown.ts";

/** A page of the reference: its file name below docs/reference, and its Markdown. */
export interface Page {
  readonly file: string;
  readonly text: string;
}

interface Entry {
  /** What an import names: `@miniprivacy/core/policy`. */
  readonly name: string;
  readonly source: string;
  readonly page: string;
}

const PACKAGES = ["core", "web", "node"];

/** One page for each entry that a package exports. */
export function entryPages(root: string): readonly Page[] {
  const entries = PACKAGES.flatMap((name) => packageEntries(join(root, "packages", name)));
  return entries.map((entry) => ({ file: entry.page, text: entryPage(entry, entries) }));
}

/** The entries of a package, in the order of its `exports`. */
function packageEntries(folder: string): readonly Entry[] {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly exports: {
      readonly [path: string]: string | { readonly [condition: string]: string };
    };
  };
  return Object.entries(manifest.exports).flatMap(([path, target]) => {
    if (typeof target === "string") return [];
    const name = manifest.name + path.slice(1);
    const page = `${name.replace("@miniprivacy/", "").replaceAll("/", "-")}.md`;
    return [{ name, source: join(folder, target["@miniprivacy/source"]!), page }];
  });
}

function entryPage(entry: Entry, entries: readonly Entry[]): string {
  const sections = namedExports(entry.source)
    .map(({ name, from }) => section(entry, entries, name, from))
    .toSorted((a, b) => Number(a.isType) - Number(b.isType) || (a.name < b.name ? -1 : 1));
  const anchors = anchorsOf(sections.map(({ name }) => name.toLowerCase()));
  const list = (isType: boolean): string =>
    sections
      .flatMap(({ name, ...each }, i) =>
        each.isType === isType ? [`[${name}](#${anchors[i]})`] : [],
      )
      .join(" · ");
  return [
    `# ${entry.name}`,
    "Generated from the sources by `pnpm run docs:reference`. [All pages](README.md)",
    `**Functions and values** ${list(false) || "none"}`,
    `**Types** ${list(true) || "none"}`,
    ...sections.map(({ name, text }) => `## ${name}\n\n${text}`),
  ]
    .join("\n\n")
    .concat("\n");
}

interface Section {
  readonly name: string;
  readonly isType: boolean;
  readonly text: string;
}

function section(entry: Entry, entries: readonly Entry[], name: string, from: string): Section {
  const other = entries.find((candidate) => candidate.name === from);
  if (other === undefined) {
    const { isType, ...found } = findDeclaration(join(dirname(entry.source), from), name);
    return { name, isType, text: declarationText(found) };
  }
  const origin = namedExports(other.source).find((each) => each.name === name)!;
  const { isType } = section(other, entries, name, origin.from);
  return { name, isType, text: `As in [${other.name}](${other.page}).` };
}

function declarationText({ code, comment, tags }: Omit<Declaration, "isType">): string {
  const lines = (tag: string): readonly string[] =>
    tags.filter((each) => each.tag === tag).map(({ text }) => text);
  return [
    comment,
    `\`\`\`ts\n${code}\n\`\`\``,
    lines("param")
      .map((text) => `- ${text}`)
      .join("\n"),
    ...lines("returns").map((text) => `**Returns** ${text}`),
    ...lines("throws").map((text) => `**Throws** ${text}`),
    ...lines("see").map((text) => `**See** ${text}`),
    ...lines("example").map((text) => `**Example**\n\n\`\`\`ts\n${text}\n\`\`\``),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
