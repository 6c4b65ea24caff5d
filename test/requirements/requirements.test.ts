import { readFile } from "node:fs/promises";
import { OBLIGATIONS } from "@miniprivacy/core/obligation";
import { describe, expect, it } from "vitest";
import { knownIds, readMentions, requirementsPage } from "./requirements.ts";

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

  it("is written out in docs/requirements.md as it stands", async () => {
    const page = await readFile(new URL("../../docs/requirements.md", import.meta.url), "utf8");
    expect(page).toBe(requirementsPage({ code, titles }));
  });
});
