import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT: URL = new URL("../../", import.meta.url);

/** Every Markdown file of the project, by its path from the root. */
export function markdownFiles(): readonly string[] {
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.md"];
  return execFileSync("git", list, { cwd: fileURLToPath(ROOT), encoding: "utf8" })
    .split("\n")
    .filter((path) => path !== "");
}

export function readText(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** A fenced block of a Markdown file. */
export interface ShownExample {
  /** The file that the comment before it names. */
  readonly file: string | undefined;
  readonly language: string;
  readonly code: string;
}

const BLOCK = /(?:^<!-- (\S+) -->\n\n)?^```(\w*)\n(.*?)\n```$/gms;

/** Every fenced block of a Markdown file, in order. */
export function shownExamples(path: string): readonly ShownExample[] {
  return [...readText(path).matchAll(BLOCK)].map(([, file, language, code]) => ({
    file,
    language: language!,
    code: code!,
  }));
}

/** The anchors of a file's headings, as Markdown readers make them. */
export function headingAnchors(path: string): readonly string[] {
  return anchorsOf(
    [...proseOf(path).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** The second heading of the same name gets a number. */
export function anchorsOf(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  });
}

/** Where the links of a file lead that stay inside the project. */
export function internalLinks(path: string): readonly string[] {
  return [...proseOf(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Links that name something of a source file: the name, and the file. */
export function namedSources(
  path: string,
): readonly { readonly name: string; readonly file: string }[] {
  return [...readText(path).matchAll(/\[`([\w$]+)`\]\(([^)\s]+\.ts)\)/g)].map(([, name, file]) => ({
    name: name!,
    file: new URL(file!, new URL(path, "file:///")).pathname.slice(1),
  }));
}

/** A file without its code. */
function proseOf(path: string): string {
  return readText(path)
    .replaceAll(BLOCK, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""));
}
