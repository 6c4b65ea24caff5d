import type { SensitiveCategoryId } from "./sensitive-category.ts";

/** Which lists count: the union for TCMPP (its own definition could not be read), Chinese, European or Californian law. */
export type SensitiveProfile =
  | "tcmpp-strict"
  | "cn-current"
  | "cn-conservative"
  | "eu-gdpr"
  | "us-ca";

/** The categories a profile's sources do not list. */
const NOT_LISTED: { readonly [Profile in SensitiveProfile]: readonly SensitiveCategoryId[] } = {
  "tcmpp-strict": ["us.citizenship-immigration"],
  "cn-current": [
    "belief.philosophical",
    "identity.racial-ethnic",
    "identity.political",
    "identity.trade-union",
    "financial.transaction",
    "financial.property",
    "financial.virtual-property",
    "location.lodging",
    "id-document.cn-id-number",
    "id-document.passport",
    "id-document.driver-licence",
    "id-document.other-cn",
    "sexual.orientation",
    "sexual.life",
    "sexual.intimate-image",
    "private.marital",
    "private.communication",
    "private.contacts",
    "private.browsing",
    "us.citizenship-immigration",
  ],
  "cn-conservative": [
    "belief.philosophical",
    "identity.racial-ethnic",
    "identity.political",
    "identity.trade-union",
    "sexual.life",
    "sexual.intimate-image",
    "us.citizenship-immigration",
  ],
  "eu-gdpr": [
    "identity.undisclosed-occupation",
    "health.body-measure",
    "financial.account",
    "financial.account-secret",
    "financial.deposit",
    "financial.transaction",
    "financial.credit",
    "financial.property",
    "financial.virtual-property",
    "location.trajectory",
    "location.vehicle-trajectory",
    "location.precise-point",
    "location.lodging",
    "minor.under14",
    "id-document.cn-id-photo",
    "id-document.cn-id-number",
    "id-document.passport",
    "id-document.driver-licence",
    "id-document.other-cn",
    "private.marital",
    "private.communication",
    "private.contacts",
    "private.browsing",
    "credential.account",
    "us.citizenship-immigration",
  ],
  "us-ca": [
    "identity.disability",
    "identity.undisclosed-occupation",
    "identity.political",
    "health.body-measure",
    "financial.account",
    "financial.deposit",
    "financial.transaction",
    "financial.credit",
    "financial.property",
    "financial.virtual-property",
    "location.lodging",
    "minor.under14",
    "id-document.other-cn",
    "sexual.intimate-image",
    "criminal.record",
    "private.marital",
    "private.contacts",
    "private.browsing",
  ],
};

/** Listed, but stopping them would stop ordinary shops: reported, never blocked. */
const REPORT_ONLY: readonly SensitiveCategoryId[] = [
  "health.body-measure",
  "financial.transaction",
];

/** Sensitive under a condition that a guard cannot see: reported. */
const CONDITIONAL: { readonly [Profile in SensitiveProfile]?: readonly SensitiveCategoryId[] } = {
  "cn-current": ["credential.account"],
};

/** Whether a name is that of a profile. */
export function isSensitiveProfile(name: string): name is SensitiveProfile {
  return Object.keys(NOT_LISTED).includes(name);
}

/** What a guard does about a category: nothing, tell, or stop. */
export type CategoryAction = "ignore" | "report" | "block";

/** What a profile says of one category. */
export function categoryAction(
  profile: SensitiveProfile,
  category: SensitiveCategoryId,
): CategoryAction {
  if (NOT_LISTED[profile].includes(category)) return "ignore";
  const reported = REPORT_ONLY.includes(category) || CONDITIONAL[profile]?.includes(category);
  return reported === true ? "report" : "block";
}
