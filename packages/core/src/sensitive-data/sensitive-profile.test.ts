import { describe, expect, it } from "vitest";
import { createGuard } from "./guard.ts";
import { scanText } from "./scan-text.ts";
import {
  actionsOf,
  categoryAction,
  type ProfileOverlay,
  requireProfile,
} from "./sensitive-profile.ts";

const ID = "11010519491231002X";
const PHONE = "13912345678";
const ALLOWED: ProfileOverlay = {
  extend: "tcmpp-strict",
  allow: { "id-document.cn-id-number": { reason: "contract 12, clause 3", until: "2027-06-30" } },
};
const at = (moment: string) => () => Date.parse(moment);

describe("categoryAction", () => {
  it("an overlay is its profile but for what it changes", () => {
    const overlay: ProfileOverlay = {
      extend: "cn-current",
      block: ["contact.phone"],
      report: ["id-document.cn-id-number"],
    };
    expect(categoryAction(overlay, "contact.phone")).toBe("block");
    expect(categoryAction(overlay, "id-document.cn-id-number")).toBe("report");
    expect(categoryAction(overlay, "religion.belief")).toBe("block");
    expect(categoryAction(overlay, "identity.political")).toBe("ignore");
    expect(categoryAction(overlay, "contact.email")).toBe("report");
    expect(categoryAction({ ...overlay, report: ["contact.phone"] }, "contact.phone")).toBe(
      "block",
    );
  });

  it.each([
    ["the last millisecond", "2027-06-30T23:59:59.999Z", "ignore"],
    ["the day after", "2027-07-01T00:00:00.000Z", "block"],
    ["long before", "2026-01-01T00:00:00.000Z", "ignore"],
  ] as const)("an allowance counts to the end of its last day: %s", (_name, moment, action) => {
    expect(categoryAction(ALLOWED, "id-document.cn-id-number", Date.parse(moment))).toBe(action);
    expect(actionsOf(ALLOWED, Date.parse(moment))("id-document.cn-id-number")).toBe(action);
  });

  it("no allowance counts without a time, nor for another category", () => {
    expect(categoryAction(ALLOWED, "id-document.cn-id-number")).toBe("block");
    expect(categoryAction(ALLOWED, "financial.account", 0)).toBe("block");
    expect(scanText(ID, { profile: ALLOWED })).toHaveLength(1);
    expect(scanText(ID, { profile: ALLOWED, now: 0 })).toEqual([]);
  });

  it("an allowance is stronger than a block until it ends", () => {
    const overlay: ProfileOverlay = { ...ALLOWED, block: ["id-document.cn-id-number"] };
    expect(categoryAction(overlay, "id-document.cn-id-number", 0)).toBe("ignore");
    expect(categoryAction(overlay, "id-document.cn-id-number", Date.parse("2027-07-01"))).toBe(
      "block",
    );
  });
});

describe("requireProfile", () => {
  const refused = (profile: unknown) => () => requireProfile(profile as ProfileOverlay);
  const allowance = (id: string, entry: object) => ({
    extend: "tcmpp-strict",
    allow: { [id]: entry },
  });
  const reason = "contract 12";

  it("takes profiles and overlays there are", () => {
    const overlay = { extend: "eu-gdpr", block: [], report: ["contact.name"], allow: {} };
    for (const profile of ["us-ca", ALLOWED, overlay]) expect(refused(profile)).not.toThrow();
  });

  it.each<[string, unknown]>([
    ["an unknown profile", "tcmpp"],
    ["a name that every object has", "constructor"],
    ["an overlay over none", { extend: "strict" }],
    ["an overlay over an overlay", { extend: { extend: "us-ca" } }],
    ["nothing", undefined],
    ["null", null],
    ["a misspelt category to block", { extend: "us-ca", block: ["contact.phon"] }],
    ["a misspelt category to report", { extend: "us-ca", report: ["toString"] }],
    [
      "a misspelt category to allow",
      allowance("financial.acount", { reason, until: "2027-06-30" }),
    ],
    [
      "an allowance without a reason",
      allowance("financial.account", { reason: "", until: "2027-06-30" }),
    ],
    [
      "an allowance whose reason is blank",
      allowance("financial.account", { reason: " ", until: "2027-06-30" }),
    ],
    [
      "an allowance whose reason is missing",
      allowance("financial.account", { until: "2027-06-30" }),
    ],
    ["an allowance without an end", allowance("financial.account", { reason })],
    [
      "an allowance that ends on no day",
      allowance("financial.account", { reason, until: "2027-13-01" }),
    ],
    [
      "an allowance that ends on a day that is not in the calendar",
      allowance("financial.account", { reason, until: "2027-02-30" }),
    ],
    [
      "an allowance that ends at a moment",
      allowance("financial.account", { reason, until: "2027-06-30T10:00:00Z" }),
    ],
  ])("refuses %s", (_name, profile) => {
    expect(refused(profile)).toThrow(TypeError);
  });
});

describe("createGuard", () => {
  it("TC-D6.2a: the contract that applies may stop more, and what it allows is stopped again when that ends", () => {
    const strict = createGuard({
      profile: { extend: "tcmpp-strict", block: ["contact.phone"] },
      mode: "block",
    });
    expect(strict.inspect(PHONE)).toMatchObject({ action: "block", reason: "sensitive-data" });
    let now = at("2027-06-30T12:00:00Z")();
    const guard = createGuard({ profile: ALLOWED, mode: "block", now: () => now });
    expect(guard.inspect(ID)).toEqual({ action: "pass", findings: [] });
    expect(guard.redact(ID)).toBe(ID);
    now += 86_400_000;
    expect(guard.inspect(ID)).toMatchObject({ action: "block", reason: "sensitive-data" });
    expect(guard.redact(ID)).toBe("1****************X");
  });

  it("an allowance needs a clock, and a misspelt category makes no guard", () => {
    expect(() => createGuard({ profile: ALLOWED, mode: "block" })).toThrow(TypeError);
    const misspelt = {
      extend: "tcmpp-strict",
      allow: { "financial.acount": { reason: "x", until: "2027-06-30" } },
    };
    expect(() =>
      createGuard({ profile: misspelt as ProfileOverlay, mode: "block", now: at("2027-01-01") }),
    ).toThrow(TypeError);
  });
});
