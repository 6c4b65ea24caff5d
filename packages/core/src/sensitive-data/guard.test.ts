import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "./finding.ts";
import { createGuard } from "./guard.ts";
import { scanValue } from "./scan-value.ts";
import { SENSITIVE_CATEGORY_LABELS } from "./sensitive-category-label.ts";
import { SENSITIVE_FIELD_NAMES } from "./sensitive-category.ts";
import { residentIds } from "./sensitive-data.fixture.ts";
import { categoryAction } from "./sensitive-profile.ts";

const ID = "11010519491231002X";
const paths = (value: unknown): readonly string[] =>
  scanValue(value).findings.map(({ path }) => path);

describe("scanValue", () => {
  it("finds ids anywhere in a structure and names the place", () => {
    expect(paths({ a: [{ b: ID }, ID], n: 110105194912310021n })).toEqual(["$.a[0].b", "$.a[1]"]);
    expect(paths(new Map([["x", ID]]))).toEqual(["$.x"]);
    expect(paths(JSON.stringify({ deep: JSON.stringify([ID]) }))).toEqual(["$.deep[0]"]);
    expect(paths({ [ID]: 1 })).toEqual(["$"]);
  });

  it("finds fields by name in Chinese and English, however they are written", () => {
    for (const name of [
      "medicalHistory",
      "medical_history",
      "Medical-History",
      "MEDICALHISTORY",
      "病史",
    ]) {
      expect(scanValue({ [name]: "flu" }).findings).toMatchObject([
        { type: "field", category: "health.history", evidence: "field-name", path: `$.${name}` },
      ]);
    }
  });

  it("finds nothing in a field that holds nothing", () => {
    expect(paths({ religion: "", diagnosis: null, face: false, allergy: [], disease: {} })).toEqual(
      [],
    );
  });

  it("says when it did not finish", () => {
    const cyclic: { self?: object } = {};
    cyclic.self = cyclic;
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    for (const value of [
      cyclic,
      hostile,
      {
        get a(): string {
          throw new Error("no");
        },
      },
      "x".repeat(4_000_001),
    ]) {
      expect(scanValue(value).finished).toBe(false);
    }
    expect(scanValue({ a: 1 }).finished).toBe(true);
  });
});

describe("createGuard", () => {
  it("TC-D6.2a: stops sensitive data, and what it could not look through", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    expect(guard.inspect({ note: ID })).toMatchObject({
      action: "block",
      reason: "sensitive-data",
    });
    expect(guard.inspect({ diagnosis: "flu" })).toMatchObject({
      action: "block",
      reason: "sensitive-data",
    });
    expect(guard.inspect("x".repeat(4_000_001))).toEqual({
      action: "block",
      reason: "unfinished",
      findings: [],
    });
    expect(guard.inspect({ item: "bread", price: 19.9 })).toEqual({ action: "pass", findings: [] });
  });

  it("lets pass in report mode, and tells", () => {
    const told: Finding[] = [];
    const guard = createGuard({
      profile: "tcmpp-strict",
      mode: "report",
      onFinding: (finding) => told.push(finding),
    });
    expect(guard.inspect({ note: ID }).action).toBe("pass");
    expect(told).toMatchObject([{ type: "cn-resident-id", path: "$.note" }]);
  });

  it("does not stop what the profile only reports", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const names = SENSITIVE_FIELD_NAMES["health.body-measure"];
    expect(guard.inspect({ [names[0]!]: 170 })).toMatchObject({
      action: "pass",
      findings: [{ category: "health.body-measure" }],
    });
  });

  it("a verdict never holds the value", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    fc.assert(
      fc.property(residentIds, (id) => {
        expect(JSON.stringify(guard.inspect({ note: `证件 ${id}` }))).not.toContain(
          id.slice(0, 12),
        );
      }),
    );
  });
});

describe("the 49 categories", () => {
  it("have labels and field names, and a known number each profile stops or reports", () => {
    const ids = Object.keys(SENSITIVE_FIELD_NAMES) as (keyof typeof SENSITIVE_FIELD_NAMES)[];
    expect(ids).toHaveLength(49);
    expect(Object.keys(SENSITIVE_CATEGORY_LABELS)).toEqual(ids);
    const listed = (profile: Parameters<typeof categoryAction>[0]) =>
      ids.filter((id) => categoryAction(profile, id) !== "ignore").length;
    expect([
      listed("tcmpp-strict"),
      listed("cn-conservative"),
      listed("us-ca"),
      listed("cn-current"),
      listed("eu-gdpr"),
    ]).toEqual([48, 42, 31, 27, 24]);
  });
});
