import { describe, expect, it } from "vitest";
import { accessDenialText } from "./access-denial-text.ts";

describe("accessDenialText", () => {
  it("says a reason in the reader's language", () => {
    expect(accessDenialText("consent-withdrawn", "en")).toBe(
      "The person has withdrawn the consent.",
    );
    expect(accessDenialText("consent-withdrawn", "zh-CN")).toBe("个人已撤回同意。");
  });
});
