import { describe, expect, it } from "vitest";
import { createGuard } from "./guard.ts";
import { CATEGORY_OF_INTERFACE, createProvenance } from "./provenance.ts";
import { DATA_CATEGORIES } from "./sensitive-category.ts";

describe("createProvenance", () => {
  it("knows a result, its members and copies of its texts and fractions", () => {
    const provenance = createProvenance();
    const place = { latitude: 31.2304, list: [{ note: "花园路八号院" }] };
    expect(provenance.tag(place, "getLocation")).toBe(place);
    const category = "location.precise-point";
    expect(provenance.categoryOf(place)).toBe(category);
    expect(provenance.categoryOf(place.list[0])).toBe(category);
    expect(provenance.categoryOf(31.2304)).toBe(category);
    expect(provenance.categoryOf(["花园路", "八号院"].join(""))).toBe(category);
    expect(provenance.categoryOf({ ...place })).toBeUndefined();
  });

  it("remembers nothing that stands anywhere: short texts, whole numbers, the state of a call", () => {
    const provenance = createProvenance();
    provenance.tag(
      { a: "上海市", n: 12_000, ok: true, no: null, errMsg: "getLocation:ok" },
      "getLocation",
    );
    for (const value of ["上海市", 12_000, true, null, undefined, "getLocation:ok"])
      expect(provenance.categoryOf(value)).toBeUndefined();
  });

  it.each(["getSystemInfo", "", "toString", "constructor", "__proto__"])(
    "knows nothing of %s",
    (name) => {
      const provenance = createProvenance();
      const value = { text: "abcdefghi" };
      expect(provenance.tag(value, name)).toBe(value);
      expect(provenance.categoryOf(value)).toBeUndefined();
      expect(provenance.categoryOf("abcdefghi")).toBeUndefined();
    },
  );

  it("survives a result that holds itself, and one that is deep", () => {
    const provenance = createProvenance();
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    expect(provenance.tag(cyclic, "chooseAddress")).toBe(cyclic);
    const deep = [[[[[["a deep text"]]]]]];
    provenance.tag(deep, "chooseAddress");
    expect(provenance.categoryOf("a deep text")).toBeUndefined();
  });

  it("forgets the oldest values", () => {
    const provenance = createProvenance();
    for (let i = 0; i < 501; i++) provenance.tag({ text: `address ${i}` }, "chooseAddress");
    expect(provenance.categoryOf("address 0")).toBeUndefined();
    expect(provenance.categoryOf("address 1")).toBe("contact.address");
    expect(provenance.categoryOf("address 500")).toBe("contact.address");
  });

  it("names only categories there are", () => {
    for (const category of Object.values(CATEGORY_OF_INTERFACE))
      expect(Object.keys(DATA_CATEGORIES)).toContain(category);
  });
});

describe("createGuard", () => {
  it("TC-D6.2a: stops what came from an interface, whatever it looks like and wherever it is put", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const place = guard.from("getLocation", { latitude: 31.2304, longitude: 121.4737, speed: -1 });
    for (const sent of [
      place,
      { a: place },
      [{ x: place.latitude }],
      new Map([["y", place.longitude]]),
    ]) {
      const verdict = guard.inspect(sent);
      expect(verdict).toMatchObject({ action: "block", reason: "sensitive-data" });
      expect(verdict.findings).toContainEqual(
        expect.objectContaining({
          type: "provenance",
          category: "location.precise-point",
          evidence: "provenance",
        }),
      );
    }
    expect(guard.inspect({ x: place.speed })).toEqual({ action: "pass", findings: [] });
    expect(
      createGuard({ profile: "tcmpp-strict", mode: "block" }).inspect({ x: 31.2304 }).action,
    ).toBe("pass");
  });

  it("only tells of what the profile only reports", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    const run = guard.from("getWeRunData", { encryptedData: "CiyLU1Aw2Kjv" });
    expect(guard.inspect({ run: run.encryptedData })).toMatchObject({
      action: "pass",
      findings: [{ type: "provenance", category: "health.body-measure" }],
    });
  });
});
