import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  group,
  leafFields,
  list,
  personal,
  personalRecord,
  plain,
  recordCategories,
  subject,
  subjectFieldName,
} from "./personal-record.ts";
import { soundPolicy } from "./policy.fixture.ts";

const record = personalRecord(soundPolicy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  contact: group({
    phone: personal("phone", z.string(), { source: "subject", rectify: "verify-again" }),
  }),
  items: list({ sku: plain(z.string()), note: personal("allergy", z.string()) }),
});

describe("personalRecord", () => {
  it("knows its leaves, its subject and its categories", () => {
    expect(leafFields(record.fields).map(({ path }) => path)).toEqual([
      "id",
      "memberId",
      "contact.phone",
      "items.sku",
      "items.note",
    ]);
    expect(subjectFieldName(record)).toBe("memberId");
    expect(recordCategories(record.fields)).toEqual(["phone", "allergy"]);
  });

  it("keeps what a field overrides of its category", () => {
    expect(record.fields.contact.fields.phone).toMatchObject({
      category: "phone",
      source: "subject",
      rectify: "verify-again",
    });
    expect(personal("phone", z.string())).not.toHaveProperty("source");
  });

  it("names a category once, in the order of the fields", () => {
    const twice = personalRecord(soundPolicy, "twice", {
      who: subject(z.string()),
      diet: personal("allergy", z.string()),
      items: list({ note: personal("allergy", z.string()), mobile: personal("phone", z.string()) }),
    });
    expect(recordCategories(twice.fields)).toEqual(["allergy", "phone"]);
  });

  it("refuses a category nobody declared inside a group, and tells the path", () => {
    expect(() =>
      personalRecord(soundPolicy, "x", {
        who: subject(z.string()),
        contact: group({ diet: list({ note: personal("fone", z.string()) }) }),
      }),
    ).toThrow("record x: field contact.diet.note has an undeclared category");
  });

  it("needs the subject at the top, where a row can be found by it", () => {
    const nested = personalRecord(soundPolicy, "nested", {
      owner: group({ who: subject(z.string()) }),
    });
    expect(() => subjectFieldName(nested)).toThrow(TypeError);
  });

  it("refuses a shape without a subject, and one with a category nobody declared", () => {
    expect(() =>
      personalRecord(soundPolicy, "x", { phone: personal("phone", z.string()) }),
    ).toThrow(TypeError);
    expect(() =>
      personalRecord(soundPolicy, "x", { a: subject(z.string()), b: personal("fone", z.string()) }),
    ).toThrow(TypeError);
    expect(() =>
      personalRecord(soundPolicy, "x", {
        a: subject(z.string()),
        b: personal("toString", z.string()),
      }),
    ).toThrow(TypeError);
  });
});
