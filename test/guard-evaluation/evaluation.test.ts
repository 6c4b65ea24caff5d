import { readFileSync } from "node:fs";
import { scanText, scanValue } from "@miniprivacy/core/sensitive-data";
import { describe, expect, test } from "vitest";
import { bundle } from "../support/bundle.ts";
import { EVALUATED_TYPES } from "./case.ts";
import { cases } from "./cases.ts";
import { evaluate, type Scanners } from "./evaluate.ts";
import { floorOf } from "./floors.ts";
import { qualityPage } from "./quality-page.ts";

describe("the scanner on the labelled set", () => {
  const evaluation = evaluate({ scanText, scanValue }, cases);
  const { rows, falseAlarms, unfinished } = evaluation;

  test.each(EVALUATED_TYPES)("TC-D6.2a: %s is found, and little else is taken for it", (type) => {
    const row = rows.find((row) => row.type === type)!;
    const floor = floorOf(type);
    expect(row.recall, `recall of ${type}`).toBeGreaterThanOrEqual(floor.recall);
    expect(row.precision, `precision of ${type}`).toBeGreaterThanOrEqual(floor.precision);
  });

  test("TC-D6.2a: the scanner knows no type that the set does not", () => {
    const known = new Set<string>(EVALUATED_TYPES);
    expect(falseAlarms.filter(({ type }) => !known.has(type))).toEqual([]);
  });

  test("TC-D6.2a: no payload is given up on", () => {
    expect(unfinished).toEqual([]);
  });

  test("docs/guard-quality.md tells these figures", () => {
    const page = new URL("../../docs/guard-quality.md", import.meta.url);
    expect(readFileSync(page, "utf8")).toBe(qualityPage(evaluation));
  });

  test("TC-D6.2a: a browser's bundle finds the same", async () => {
    const names = "{ scanText, scanValue } from '@miniprivacy/web/guard'";
    const { code } = await bundle(`export ${names}`);
    const bundled = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as Scanners;
    expect(evaluate(bundled, cases).rows).toEqual(rows);
  });
});
