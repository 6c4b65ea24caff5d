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
