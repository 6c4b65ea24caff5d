import { describe, expect, it } from "vitest";
import { type CheckCase, error, warning, without, withSdk } from "./check-case.fixture.ts";
import { checkPolicy } from "./check-policy.ts";
import { soundPolicy } from "./policy.fixture.ts";

const CASES: readonly CheckCase[] = [
  {
    title: "WX-4.4.4c, PIPL-23: an SDK that names no operator",
    policy: { ...soundPolicy, sdks: { maps: without(withSdk().sdks!["maps"]!, "recipient") } },
    finding: {
      ...warning,
      code: "sdk-operator-missing",
      path: "sdks.maps.recipient",
      obligations: ["WX-4.4.4c", "PIPL-23"],
    },
    mended: withSdk(),
  },
  {
    title: "WX-4.4.4a, PIPL-6: an SDK that takes what its purpose does not",
    policy: withSdk({ categories: ["phone", "allergy"] }),
    finding: {
      ...error,
      code: "category-not-in-purpose",
      path: "sdks.maps.categories.1",
      obligations: ["WX-4.4.4a", "PIPL-6"],
    },
    mended: withSdk({ categories: ["phone"] }),
  },
];

describe("checkPolicy, of SDKs", () => {
  it.each(CASES)("finds $title", ({ policy, finding, mended = soundPolicy }) => {
    expect(checkPolicy(policy)).toEqual([finding]);
    expect(checkPolicy(mended)).toEqual([]);
  });
});
