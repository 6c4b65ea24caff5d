import { publishedInstruction } from "../platform/weixin-instructions.ts";
import { isAbroad } from "./abroad.ts";
import { isReachable } from "./check-texts.ts";
import type { CategoryDefinition, Policy } from "./policy.ts";
import { type PolicyFinding, policyError, policyWarning } from "./policy-finding.ts";
import { processingMethods } from "./processing-methods.ts";
import type { PurposeContext } from "./purpose-context.ts";

/** What the terms of Weixin Mini Programs ask beside the law. */
export function checkWeixin(
  policy: Policy,
  purposes: readonly PurposeContext[],
): readonly PolicyFinding[] {
  if (policy.platforms?.weixin === undefined) return [];
  return [
    ...checkContact(policy),
    ...checkTaken(policy),
    ...checkPlaces(policy),
    ...checkUnknownOperators(policy),
    ...purposes.flatMap((context) => [
      ...checkConsent(context),
      ...checkReceivers(context),
      ...checkMarketing(context),
    ]),
  ];
}

function checkContact({ controller: { contact } }: Policy): readonly PolicyFinding[] {
  // Requirement WX-4.4.2c: the policy meets Weixin's own guide too, which takes an e-mail address or a phone number.
  const { email = "", phone = "" } = contact;
  return isReachable(contact) && !isReachable({ email, phone })
    ? [policyWarning("guide-contact-missing", "controller.contact", ["WX-4.4.2c"])]
    : [];
}

/** Data that comes from Weixin though no published interface gives it. */
function checkTaken({ categories }: Policy): readonly PolicyFinding[] {
  // Requirement WX-4.5a: what no interface gives is taken from Weixin only with its consent.
  return Object.entries(categories)
    .filter(
      ([, { source, weixinPrivacyKey: key }]) =>
        source === "platform" && publishedInstruction(key) === undefined,
    )
    .map(([id]) =>
      policyWarning("platform-data-without-interface", `categories.${id}.weixinPrivacyKey`, [
        "WX-4.5a",
      ]),
    );
}

/** Places and parties that hold whatever the platform provides, whichever purpose it is for. */
function checkPlaces({
  categories,
  controller,
  processor,
  storageLocations,
}: Policy): readonly PolicyFinding[] {
  if (!hasPlatformData(Object.values(categories))) return [];
  const stored = storageLocations?.map((country, i) => ({
    country,
    path: `storageLocations.${i}`,
  })) ?? [{ country: controller.country, path: "controller.country" }];
  const places = [
    ...stored,
    ...(processor ? [{ country: processor.country, path: "processor.country" }] : []),
  ];
  return [
    // Requirement WX-4.4.9a: storing platform-provided data abroad moves it there, too.
    ...places
      .filter(({ country }) => isAbroad(country))
      .map(({ path }) => policyError("transfer-abroad-of-platform-data", path, ["WX-4.4.9a"])),
    // Requirement WX-4.4.9b: who runs this for the controller is another person; a processor, so this is our reading.
    ...(processor && !isAbroad(processor.country)
      ? [policyWarning("recipient-needs-platform-consent", "processor", ["WX-4.4.9b"])]
      : []),
  ];
}

function checkUnknownOperators({ sdks = {}, categories }: Policy): readonly PolicyFinding[] {
  // Requirement WX-4.4.9b: whoever runs the SDK is another person, if not abroad as well.
  return Object.entries(sdks)
    .filter(([, { recipient }]) => recipient === undefined)
    .filter(([, sdk]) => hasPlatformData(sdk.categories.flatMap((id) => categories[id] ?? [])))
    .map(([id]) => policyWarning("recipient-needs-platform-consent", `sdks.${id}`, ["WX-4.4.9b"]));
}

function checkConsent({ path, purpose }: PurposeContext): readonly PolicyFinding[] {
  const own = purpose.basis === "contract" || purpose.basis === "legal-duty";
  // Requirement WX-4.4.3: whoever requests data asks for explicit consent, whatever else the law would do with.
  return own && purpose.use !== "marketing" && processingMethods(purpose).includes("collect")
    ? [policyWarning("explicit-consent-needed", `${path}.basis`, ["WX-4.4.3"])]
    : [];
}

/**
 * Data handed over by the platform, going to somebody else. What access hands out it denies until the platform's written
 * consent is filed; what code of theirs takes by itself nothing of ours can stop.
 */
function checkReceivers({ receivers }: PurposeContext): readonly PolicyFinding[] {
  return receivers.flatMap(({ path, party, categories, embedded }) => {
    if (!hasPlatformData(categories)) return [];
    // Requirement WX-4.4.9a: platform-provided data goes abroad only with the platform's prior written consent.
    if (isAbroad(party.country)) {
      const find = embedded ? policyError : policyWarning;
      return [find("transfer-abroad-of-platform-data", path, ["WX-4.4.9a"])];
    }
    // Requirement WX-4.4.9b: it goes to any other person only with that consent; for a processor this is our reading.
    const find = embedded && party.role === "controller" ? policyError : policyWarning;
    return [find("recipient-needs-platform-consent", path, ["WX-4.4.9b"])];
  });
}

function checkMarketing({ path, purpose }: PurposeContext): readonly PolicyFinding[] {
  // Requirement WX-4.6: marketing with data from the mini-program needs the platform's prior written consent as well.
  return purpose.use === "marketing"
    ? [policyWarning("marketing-needs-platform-consent", path, ["WX-4.6"])]
    : [];
}

function hasPlatformData(categories: readonly CategoryDefinition[]): boolean {
  return categories.some(({ source }) => source === "platform");
}
