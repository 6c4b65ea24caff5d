import { describe, expect, it } from "vitest";
import {
  type CheckCase,
  error,
  noAllergy,
  warning,
  without,
  withSdk,
} from "./check-case.fixture.ts";
import { checkPolicy } from "./check-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { CategoryDefinition, PlatformSettings, Policy } from "./policy.ts";

type Tcmpp = NonNullable<PlatformSettings["tcmpp"]>;
const settings: Tcmpp = { guard: "block", minimumAge: "host-states", sdk: "maps" };
const onTcmpp = (change: Partial<Tcmpp> = {}, base: Policy = noAllergy): Policy => ({
  ...withSdk({}, base),
  platforms: { tcmpp: { ...settings, ...change } },
});
/** With a position that an optional purpose takes. */
const withPosition = (position: Partial<CategoryDefinition>): Policy => {
  const base = onTcmpp();
  const { delivery } = base.purposes;
  const label = { "zh-CN": "位置", en: "Position" };
  return {
    ...base,
    categories: { ...base.categories, spot: { label, source: "subject", ...position } },
    purposes: {
      ...base.purposes,
      nearby: { ...delivery!, categories: ["spot"], necessity: "optional", recipients: [] },
    },
  };
};

const CASES: readonly CheckCase[] = [
  {
    title: "TC-D6.2a: sensitive data on TCMPP",
    policy: onTcmpp({}, soundPolicy),
    finding: {
      ...error,
      code: "sensitive-data-on-tcmpp",
      path: "categories.allergy",
      obligations: ["TC-D6.2a"],
    },
    mended: onTcmpp(),
  },
  {
    title: "TC-D6.2a: a guard on TCMPP that only reports",
    policy: onTcmpp({ guard: "report" }),
    finding: {
      ...warning,
      code: "guard-not-blocking",
      path: "platforms.tcmpp.guard",
      obligations: ["TC-D6.2a"],
    },
    mended: onTcmpp(),
  },
  {
    title: "TC-D6.1: children on TCMPP",
    policy: withPurpose(
      "delivery",
      { consentKind: "guardian" },
      { ...onTcmpp(), audience: { minors: "possible" } },
    ),
    finding: {
      ...error,
      code: "minors-on-tcmpp",
      path: "audience.minors",
      obligations: ["TC-D6.1"],
    },
    mended: { ...onTcmpp(), audience: { minors: "excluded" } },
  },
  {
    title: "TC-D2a: what TCMPP itself takes, told nowhere",
    policy: { ...onTcmpp(), platforms: { tcmpp: without(settings, "sdk") } },
    finding: {
      ...warning,
      code: "tcmpp-undisclosed",
      path: "platforms.tcmpp.sdk",
      obligations: ["TC-D2a"],
    },
    mended: onTcmpp(),
  },
  ...([{ weixinPrivacyKey: "Location" }, { precision: "exact" }] as const).map((position) => ({
    title: `TC-D2b: an exact position that nothing needs, told by ${Object.keys(position)[0]}`,
    policy: withPosition(position),
    finding: {
      ...warning,
      code: "exact-position-unneeded" as const,
      path: "categories.spot",
      obligations: ["TC-D2b"],
    },
    mended: withPosition({ ...position, precision: "approximate" }),
  })),
];

describe("checkPolicy, on TCMPP", () => {
  it.each(CASES)("finds $title", ({ policy, finding, mended = soundPolicy }) => {
    expect(checkPolicy(policy)).toEqual([finding]);
    expect(checkPolicy(mended)).toEqual([]);
  });

  it("TC-D2b: lets a necessary purpose take an exact position", () => {
    const exact = withPosition({ precision: "exact" });
    expect(checkPolicy(withPurpose("nearby", { necessity: "necessary" }, exact))).toEqual([]);
  });

  it.each([
    "location.precise-point",
    "location.trajectory",
    "location.vehicle-trajectory",
  ] as const)("TC-D2b, TC-D6.2a: finds %s, which is exact and sensitive", (sensitive) => {
    const purpose = soundPolicy.purposes["kitchen"]!;
    const policy = withPurpose(
      "nearby",
      { consentKind: "separate", sensitiveNotice: purpose.sensitiveNotice! },
      withPosition({ sensitive }),
    );
    expect(checkPolicy(policy).map(({ obligations }) => obligations)).toEqual([
      ["TC-D6.2a"],
      ["TC-D2b"],
    ]);
  });

  it("asks nothing of a program that does not run there", () => {
    expect(checkPolicy(without(withPosition({ precision: "exact" }), "platforms"))).toEqual([]);
  });
});
