import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PrivacyError } from "../errors/privacy-error.ts";
import { parsePolicyLock } from "./parse-policy-lock.ts";
import { anyPolicyPair } from "./policy-pair.fixture.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import { policyDigest, purposeDigest } from "./policy-digest.ts";
import { checkPolicyLock, policyLock } from "./policy-lock.ts";

const lock = policyLock(soundPolicy);
const text = { "zh-CN": "新", en: "New" };
const relabelled = withPurpose("delivery", { label: text });
const reworded = withPurpose("delivery", { text });

const notRaised = {
  code: "version-not-raised",
  severity: "error",
  path: "version",
  obligations: ["PIPL-17"],
};
const outdated = { ...notRaised, code: "lock-outdated", severity: "warning" };
const consents = {
  code: "consent-outdated",
  severity: "warning",
  path: "purposes.delivery",
  obligations: ["PIPL-14"],
};

describe("policyLock", () => {
  it("holds id, version and every digest, and comes back from JSON as it was", () => {
    expect(lock).toEqual({
      id: "sound-shop",
      version: "3",
      digest: policyDigest(soundPolicy),
      purposes: {
        delivery: purposeDigest(soundPolicy, "delivery"),
        kitchen: purposeDigest(soundPolicy, "kitchen"),
      },
    });
    expect(parsePolicyLock(JSON.parse(JSON.stringify(lock)))).toEqual(lock);
  });
});

describe("checkPolicyLock", () => {
  it("finds nothing in the policy that was locked", () => {
    expect(checkPolicyLock(soundPolicy, lock)).toEqual([]);
  });

  it("PIPL-17: finds a changed text under an unchanged version", () => {
    expect(checkPolicyLock(relabelled, lock)).toEqual([notRaised]);
    const renewed = policyLock({ ...relabelled, version: "4" });
    expect(checkPolicyLock({ ...relabelled, version: "4" }, renewed)).toEqual([]);
  });

  it("finds an error for any two policies of one version that differ, and for no other", () => {
    fc.assert(
      fc.property(anyPolicyPair, ([before, after]) => {
        const findings = checkPolicyLock(after, policyLock(before));
        const broken = findings.some(({ severity }) => severity === "error");
        const changed = policyDigest(before) !== policyDigest(after);
        expect(broken).toBe(changed && before.version === after.version);
      }),
    );
  });

  it("asks for a new lock once the version is raised", () => {
    expect(checkPolicyLock({ ...relabelled, version: "4" }, lock)).toEqual([outdated]);
  });

  it("PIPL-14: names the purposes whose consents have lost what they rest on", () => {
    expect(checkPolicyLock(reworded, lock)).toEqual([notRaised, consents]);
    expect(checkPolicyLock({ ...reworded, version: "4" }, lock)).toEqual([outdated, consents]);
  });

  it("names no purpose that came or went", () => {
    const { kitchen } = soundPolicy.purposes;
    const other = { ...soundPolicy, version: "4", purposes: { kitchen: kitchen!, more: kitchen! } };
    expect(checkPolicyLock(other, lock)).toEqual([outdated]);
  });

  it("refuses the lock of another policy", () => {
    expect(checkPolicyLock({ ...soundPolicy, id: "other" }, lock)).toEqual([
      { code: "lock-of-another-policy", severity: "error", path: "id", obligations: [] },
    ]);
  });
});

describe("parsePolicyLock", () => {
  const refusal = (input: unknown): PrivacyError => {
    try {
      parsePolicyLock(input);
    } catch (error) {
      return error as PrivacyError;
    }
    throw new Error("was parsed");
  };

  it.each<[string, unknown, string, string]>([
    ["no object", null, "invalid_type", ""],
    ["an unknown member", { ...lock, more: 1 }, "unrecognized_keys", ""],
    ["a missing member", { ...lock, version: undefined }, "invalid_type", "version"],
    ["no version", { ...lock, version: "" }, "too_small", "version"],
    ["a digest that is none", { ...lock, digest: "abc" }, "invalid_format", "digest"],
    [
      "a purpose’s digest that is none",
      { ...lock, purposes: { marker: lock.digest.toUpperCase() } },
      "invalid_format",
      "purposes.*",
    ],
  ])("refuses %s, naming the place and nothing of the input", (_title, input, code, schemaPath) => {
    const error = refusal(input);
    expect(error.code).toBe("ERR_INPUT_INVALID");
    expect(error.issues).toEqual([{ code, schemaPath }]);
    expect(JSON.stringify(error)).not.toContain("marker");
  });
});
