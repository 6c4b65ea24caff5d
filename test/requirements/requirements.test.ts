import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OBLIGATIONS } from "@miniprivacy/core/obligation";
import { describe, expect, it } from "vitest";
import { findMutants } from "../mutate/find-mutants.ts";
import { readMentions, ROOT, sourceFiles, testFiles } from "./mentions.ts";
import { knownIds, requirementsPage } from "./requirements.ts";

const { code, titles } = readMentions();

describe("the register of obligations", () => {
  it("has 241 rows, each with an id of its own", () => {
    const ids = Object.values(OBLIGATIONS).flatMap((rows) => rows.map(({ id }) => id));
    expect(ids).toHaveLength(241);
    expect(new Set(ids).size).toBe(241);
  });

  it("knows every id that code or a test names", () => {
    const known = knownIds();
    const named = [...code.keys(), ...titles.keys()];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it("finds a test that names it for every id that code names", () => {
    expect([...code.keys()].filter((id) => !titles.has(id)).toSorted()).toEqual([]);
  });

  it("stands above a condition that can be inverted, for every row that code names", () => {
    const rows = Object.values(OBLIGATIONS).flatMap((table) => table.map(({ id }): string => id));
    const marked = new Set(findMutants().flatMap(({ ids }) => ids));
    expect(rows.filter((id) => code.has(id) && !marked.has(id))).toEqual([]);
  });

  it("is named by comments of one form, each above something that can be inverted or left out", () => {
    const comments = sourceFiles().flatMap((file) =>
      readFileSync(join(ROOT, file), "utf8")
        .split("\n")
        .flatMap((line, i) => (/\bRequirement [A-Z]+-/.test(line) ? [`${file}:${i + 1}`] : [])),
    );
    expect(findMutants().map(({ file, line }) => `${file}:${line}`)).toEqual(comments);
  });

  it("is shown by no test that is set aside", () => {
    const aside = /\b(?:it|test|describe)(?:\.\w+)*\.(?:skip|todo|only|fails)\b/;
    const files = testFiles().filter((file) => aside.test(readFileSync(join(ROOT, file), "utf8")));
    expect(files).toEqual([]);
  });

  it("has lost no claim since it was first made", () => {
    const now = new Set(claimedIn(requirementsPage({ code, titles }), ""));
    expect(committedClaims().filter((id) => !now.has(id))).toEqual([]);
  });

  it("is written out in docs/requirements.md as it stands", async () => {
    const page = await readFile(new URL("../../docs/requirements.md", import.meta.url), "utf8");
    expect(page).toBe(requirementsPage({ code, titles }));
  });
});

/** Every id that a committed page claimed, as far back as this clone knows. */
function committedClaims(): readonly string[] {
  try {
    const args = ["log", "-p", "--format=", "--", "docs/requirements.md"];
    const history = execFileSync("git", args, { cwd: ROOT, maxBuffer: 1 << 28, stdio: "pipe" });
    return [...new Set(claimedIn(String(history), "\\+"))];
  } catch (cause) {
    // A tree without its history, such as an archive.
    if (process.env["CI"] === "true") throw cause;
    return [];
  }
}

function claimedIn(text: string, mark: string): readonly string[] {
  const rows = text.matchAll(new RegExp(`^${mark}\\| (\\S+) \\|.*\\| claimed: `, "gm"));
  return [...rows].map(([, id]) => id!);
}
