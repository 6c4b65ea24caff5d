import { describe, expect, test } from "vitest";
import { EVALUATED_TYPES, type TextLabel } from "./case.ts";
import { cases } from "./cases.ts";
import { hasCheckDigit, typesByCheckDigit } from "./check-digit.ts";
import { evaluate, type Scanners } from "./evaluate.ts";

describe("the labelled set", () => {
  test("TC-D6.2a: the set has its size, and every case a name of its own", () => {
    expect(cases.length).toBeGreaterThanOrEqual(2400);
    expect(cases.filter((item) => item.origin === "written").length).toBeGreaterThanOrEqual(450);
    expect(cases.filter((item) => item.labels.length === 0).length).toBeGreaterThanOrEqual(800);
    expect(repeated(cases.map((item) => item.id))).toEqual([]);
    expect(repeated(cases.map((item) => JSON.stringify(item.content)))).toEqual([]);
  });

  test("TC-D6.2a: every labelled value carries the check digit of its type, and of no other", () => {
    const wrong = cases.flatMap((item) =>
      item.kind === "payload"
        ? []
        : item.labels
            .map((label) => ({ label, value: item.content.slice(label.start, label.end) }))
            .filter(
              ({ label: { type, also = [] }, value }) =>
                hasCheckDigit(type, value) === false ||
                (!value.includes(".") &&
                  typesByCheckDigit(value).some(
                    (other) => other !== type && !also.includes(other),
                  )),
            )
            .map(({ label, value }) => `${item.id} ${label.type} ${value}`),
    );
    expect(wrong).toEqual([]);
  });

  test("TC-D6.2a: nothing that has no label carries a check digit by chance", () => {
    const found = cases.flatMap((item) => {
      const text = item.kind === "text" ? item.content : JSON.stringify(item.content);
      const labels = item.kind === "text" ? item.labels : [];
      const types = new Set(item.labels.flatMap(({ type, also = [] }) => [type, ...also]));
      return Array.from(text.matchAll(/(?<![\dA-Za-z])[\dA-Z]{8,19}(?![\dA-Za-z])/gu))
        .filter((match) => !isInside(match.index, labels))
        .filter(([run]) => !typesByCheckDigit(run).every((type) => types.has(type)))
        .map(([run]) => `${item.id} ${run}`);
    });
    expect(found).toEqual([]);
  });
});

describe("evaluate", () => {
  const nothing: Scanners = {
    scanText: () => [],
    scanValue: () => ({ finished: true, findings: [] }),
  };

  test("TC-D6.2a: a scanner that finds nothing has recall 0", () => {
    const { rows } = evaluate(nothing, cases);
    expect(rows.map((row) => row.type)).toEqual(EVALUATED_TYPES);
    expect(rows.every((row) => row.labelled > 0 && row.recall === 0)).toBe(true);
  });

  test("TC-D6.2a: a scanner that knows the labels makes no mistake", () => {
    const texts = new Map(cases.map((item) => [item.content, item]));
    const findings = (content: unknown) =>
      (texts.get(content as string)?.labels ?? []).map((label) => ({
        type: label.type,
        category: ("categories" in label && label.categories?.[0]) || "",
        start: "start" in label ? label.start : 0,
        end: "end" in label ? label.end : 0,
        path: "path" in label ? `$${label.path.map((key) => `["${key}"]`).join("")}` : "$",
        confidence: 1,
      }));
    const knowing: Scanners = {
      scanText: findings,
      scanValue: (value) => ({ finished: true, findings: findings(value) }),
    };
    const { misses, falseAlarms } = evaluate(knowing, cases);
    expect({ misses, falseAlarms }).toEqual({ misses: [], falseAlarms: [] });
  });
});

function repeated(texts: readonly string[]): string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}

function isInside(at: number, labels: readonly TextLabel[]): boolean {
  return labels.some(({ start, end }) => start <= at && at < end);
}
