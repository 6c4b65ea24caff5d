import { describe, expect, it } from "vitest";
import { ERROR_SENTENCES } from "./error-code.ts";
import { inputIssues } from "./input-issues.ts";
import { isPrivacyError, PrivacyError } from "./privacy-error.ts";

describe("PrivacyError", () => {
  it("has a code, a fixed sentence and our own detail", () => {
    const error = new PrivacyError("ERR_ACCESS_DENIED", { detail: "consent-missing" });
    expect(error.message).toBe("The purpose does not permit this access. (consent-missing)");
    expect(error.code).toBe("ERR_ACCESS_DENIED");
  });

  it("keeps its cause to the process", () => {
    const error = new PrivacyError("ERR_STORE_UNAVAILABLE", {
      cause: new Error("Key (phone)=(13912345678)"),
    });
    expect(JSON.stringify(error)).toBe('{"name":"PrivacyError","code":"ERR_STORE_UNAVAILABLE"}');
  });

  it("is known by its shape, so that two installed copies understand each other", () => {
    const copy = Object.assign(new Error("x"), { name: "PrivacyError", code: "ERR_NOT_FOUND" });
    expect(isPrivacyError(copy)).toBe(true);
    expect(isPrivacyError(new Error("x"))).toBe(false);
    expect(isPrivacyError({ name: "PrivacyError", code: "ERR_NOT_FOUND" })).toBe(false);
  });

  it("has one full sentence for each code", () => {
    for (const [code, sentence] of Object.entries(ERROR_SENTENCES)) {
      expect(code).toMatch(/^ERR_[A-Z_]+$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe("inputIssues", () => {
  it("tells code and place, with indices and the keys of records left out", () => {
    const issues = [
      { code: "invalid_type", path: ["decisions", 3, "purpose"] },
      { code: "x", path: ["categories", "13912345678", "label"] },
    ];
    expect(inputIssues(issues, ["categories"])).toEqual([
      { code: "invalid_type", schemaPath: "decisions.*.purpose" },
      { code: "x", schemaPath: "categories.*.label" },
    ]);
  });

  it("stops after twenty, so that hostile input cannot make it long", () => {
    const issues = Array.from({ length: 1000 }, () => ({ code: "x", path: [] }));
    expect(inputIssues(issues)).toHaveLength(20);
  });
});
