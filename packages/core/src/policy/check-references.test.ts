import { describe, expect, it } from "vitest";
import { withPhone, withSdk } from "./check-case.fixture.ts";
import { checkPolicy } from "./check-policy.ts";
import { soundPolicy, withPurpose } from "./policy.fixture.ts";
import type { Policy } from "./policy.ts";

describe("checkPolicy, of references", () => {
  it.each<[string, Policy, string, string]>([
    [
      "an undeclared category",
      withPurpose("delivery", { categories: ["phone", "fone"] }),
      "unknown-reference",
      "purposes.delivery.categories.1",
    ],
    [
      "an undeclared recipient",
      withPurpose("delivery", { recipients: ["other"] }),
      "unknown-reference",
      "purposes.delivery.recipients.0",
    ],
    [
      "a member of the prototype",
      withPurpose("delivery", { categories: ["constructor"] }),
      "unknown-reference",
      "purposes.delivery.categories.0",
    ],
    [
      "a purpose without data",
      withPurpose("delivery", { categories: [] }),
      "purpose-without-category",
      "purposes.delivery",
    ],
    [
      "an SDK with an undeclared purpose",
      { ...soundPolicy, sdks: { ads: { name: {}, categories: ["phone"], purpose: "ads" } } },
      "unknown-reference",
      "sdks.ads.purpose",
    ],
    [
      "an SDK whose operator is undeclared",
      withSdk({ recipient: "toString" }),
      "unknown-reference",
      "sdks.maps.recipient",
    ],
    [
      "an SDK of TCMPP that is undeclared",
      {
        ...soundPolicy,
        platforms: { tcmpp: { guard: "block", minimumAge: "ask", sdk: "other" } },
      },
      "unknown-reference",
      "platforms.tcmpp.sdk",
    ],
    [
      "a hold on an undeclared category",
      { ...soundPolicy, holds: { tax: { law: {}, categories: ["x"], days: 1, from: "y" } } },
      "unknown-reference",
      "holds.tax.categories.0",
    ],
    ["an id that does not fit a URL", { ...soundPolicy, id: "../x" }, "bad-id", "id"],
    [
      "a Weixin key that is none",
      withPhone({ weixinPrivacyKey: "Phone" }),
      "unknown-reference",
      "categories.phone.weixinPrivacyKey",
    ],
    [
      "a Weixin key of one’s own without a name",
      withPhone({ weixinPrivacyKey: "custom:" }),
      "unknown-reference",
      "categories.phone.weixinPrivacyKey",
    ],
  ])("finds %s in a policy read from JSON", (_title, policy, code, path) => {
    expect(checkPolicy(policy)).toEqual([
      { code, path, severity: "error", obligations: ["PIPL-17"] },
    ]);
  });

  it("takes a Weixin key of the developer’s own", () => {
    expect(checkPolicy(withPhone({ weixinPrivacyKey: "custom:Pager" }))).toEqual([]);
  });
});
