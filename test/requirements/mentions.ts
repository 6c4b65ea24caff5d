import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
const ID = /\b(?:(?:WX|TC|WC|FS|KS)-[A-Z]?\d+(?:\.\d+)*[a-z]?|(?:PIPL|REG|GDPR)-\d+)\b/g;

/** Where each id is named. */
export interface Mentions {
  /** Files under packages/*\/src that are no test and no table. */
  readonly code: ReadonlyMap<string, readonly string[]>;
  /** Test files that carry it in a title. */
  readonly titles: ReadonlyMap<string, readonly string[]>;
}

export function readMentions(): Mentions {
  return {
    code: mentions(sourceFiles(), (text) => text),
    titles: mentions(testFiles(), titlesOf),
  };
}

export function testFiles(): readonly string[] {
  return [...packageFiles(), ...sources("test")].filter((file) => file.endsWith(".test.ts"));
}

/** The files in which an id claims its row: those of the packages that are no test and no table. */
export function sourceFiles(): readonly string[] {
  return packageFiles().filter((file) => !isTest(file) && !file.includes("/core/src/obligation/"));
}

function packageFiles(): readonly string[] {
  return ["core", "web", "node"].flatMap((name) => sources(`packages/${name}/src`));
}

function mentions(
  files: readonly string[],
  part: (text: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of files) {
    for (const id of new Set(part(readFileSync(join(ROOT, file), "utf8")).match(ID))) {
      found.set(id, [...(found.get(id) ?? []), file]);
    }
  }
  return found;
}

/** String literals, among which every title is; comments and code do not count. */
function titlesOf(text: string): string {
  const literals = text
    .replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "")
    .match(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g);
  return (literals ?? [])
    .filter((literal) => /[A-Z]+-[\w.]+(?:, [A-Z]+-[\w.]+)*:/.test(literal))
    .join("\n");
}

function isTest(file: string): boolean {
  return /\.(test|bench|fixture)\.ts$/.test(file);
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .toSorted();
}
