import { isAbroad } from "./abroad.ts";
import { checkReferences } from "./check-references.ts";
import { checkTexts } from "./check-texts.ts";
import type {
  CategoryDefinition,
  Policy,
  PurposeDefinition,
  RecipientDefinition,
} from "./policy.ts";
import type { PolicyFinding, PolicyFindingCode } from "./policy-finding.ts";

/**
 * Finds what makes a policy unlawful or impossible to run. An empty list is no legal opinion.
 *
 * @returns Findings, broken references first: while there are any, the rules about content are not tried.
 */
export function checkPolicy(policy: Policy): readonly PolicyFinding[] {
  const broken = checkReferences(policy);
  if (broken.length > 0) return broken;
  const purposes = Object.entries(policy.purposes);
  return [
    ...checkTexts(policy),
    ...checkUnused(policy),
    ...checkKept(policy),
    ...checkStorage(policy),
    ...purposes.flatMap(([id, purpose]) =>
      PURPOSE_RULES.flatMap((rule) => rule(purposeContext(policy, id, purpose))),
    ),
    ...checkTcmpp(policy),
  ];
}

interface PurposeContext {
  readonly policy: Policy;
  readonly path: string;
  readonly purpose: PurposeDefinition;
  readonly categories: readonly CategoryDefinition[];
  readonly recipients: readonly RecipientDefinition[];
  /** Whether consent is given for this one thing: separate, written or by a guardian. */
  readonly separate: boolean;
}

type PurposeRule = (context: PurposeContext) => readonly PolicyFinding[];

const MAX_RETENTION_DAYS = 36_500;

const PURPOSE_RULES: readonly PurposeRule[] = [
  checkRetention,
  checkSensitive,
  checkSharing,
  checkPlatformRecipients,
  checkMarketing,
  checkGuardian,
];

function purposeContext(policy: Policy, id: string, purpose: PurposeDefinition): PurposeContext {
  return {
    policy,
    path: `purposes.${id}`,
    purpose,
    categories: purpose.categories.flatMap((category) => policy.categories[category] ?? []),
    recipients: (purpose.recipients ?? []).flatMap(
      (recipient) => policy.recipients[recipient] ?? [],
    ),
    separate: purpose.basis !== "consent" || (purpose.consentKind ?? "explicit") !== "explicit",
  };
}

function checkRetention({
  path,
  purpose: { retention },
}: PurposeContext): readonly PolicyFinding[] {
  // Requirement PIPL-17: the notice says how long data is kept.
  if (retention === undefined)
    return [error("retention-missing", `${path}.retention`, ["PIPL-17", "PIPL-19"])];
  return checkDays(retention.days, `${path}.retention.days`);
}

function checkSensitive({
  path,
  purpose,
  categories,
  separate,
}: PurposeContext): readonly PolicyFinding[] {
  if (!categories.some(({ sensitive }) => sensitive !== undefined)) return [];
  const findings: PolicyFinding[] = [];
  // Requirement PIPL-29: sensitive personal data needs separate consent.
  if (!separate)
    findings.push(error("separate-consent-needed", `${path}.consentKind`, ["PIPL-29"]));
  // Requirement PIPL-30: its necessity and its impact are told.
  if (purpose.sensitiveNotice === undefined) {
    findings.push(error("sensitive-notice-missing", `${path}.sensitiveNotice`, ["PIPL-30"]));
  }
  return findings;
}

function checkSharing({
  path,
  purpose,
  recipients,
  separate,
}: PurposeContext): readonly PolicyFinding[] {
  if (separate) return [];
  const toController =
    recipients.some(({ role }) => role === "controller") || purpose.use === "sharing";
  const abroad = recipients.some(({ country }) => isAbroad(country));
  return [
    // Requirement PIPL-23: giving data to another controller needs separate consent.
    ...(toController ? [error("separate-consent-needed", `${path}.consentKind`, ["PIPL-23"])] : []),
    // Requirement PIPL-39: giving data abroad needs separate consent.
    ...(abroad ? [error("separate-consent-needed", `${path}.consentKind`, ["PIPL-39"])] : []),
  ];
}

/** Data handed over by the platform, going to somebody else. */
function checkPlatformRecipients({
  policy,
  path,
  categories,
  recipients,
}: PurposeContext): readonly PolicyFinding[] {
  if (
    policy.platforms?.weixin === undefined ||
    !categories.some(({ source }) => source === "platform")
  )
    return [];
  return recipients.flatMap((recipient, i) => {
    const at = `${path}.recipients.${i}`;
    // Requirement WX-4.4.9a: platform-provided data goes abroad only with the platform's prior written consent.
    if (isAbroad(recipient.country))
      return [error("transfer-abroad-of-platform-data", at, ["WX-4.4.9a"])];
    // Requirement WX-4.4.9b: it goes to any other person only with that consent; for a processor this is our reading.
    return [
      recipient.role === "controller"
        ? error("recipient-needs-platform-consent", at, ["WX-4.4.9b"])
        : warning("recipient-needs-platform-consent", at, ["WX-4.4.9b"]),
    ];
  });
}

function checkMarketing({
  policy,
  path,
  purpose,
  separate,
}: PurposeContext): readonly PolicyFinding[] {
  if (purpose.use !== "marketing") return [];
  const findings: PolicyFinding[] = [];
  // Requirement WX-4.4.3: consent to marketing is never bundled with the service.
  if (purpose.necessity === "necessary")
    findings.push(error("marketing-as-necessary", `${path}.necessity`, ["WX-4.4.3", "PIPL-16"]));
  if (!separate)
    findings.push(error("separate-consent-needed", `${path}.consentKind`, ["WX-4.4.3"]));
  // Requirement PIPL-13: no contract and no duty by law needs marketing; it rests on consent.
  if (purpose.basis === "contract" || purpose.basis === "legal-duty")
    findings.push(error("separate-consent-needed", `${path}.basis`, ["WX-4.4.3", "PIPL-13"]));
  // Requirement WX-4.6: marketing with data from the mini-program needs the platform's prior written consent as well.
  if (policy.platforms?.weixin)
    findings.push(warning("marketing-needs-platform-consent", path, ["WX-4.6"]));
  return findings;
}

function checkGuardian({ policy, path, purpose }: PurposeContext): readonly PolicyFinding[] {
  const minors = policy.audience?.minors === "possible" && purpose.basis === "consent";
  // Requirement PIPL-31: below fourteen a parent or guardian consents.
  return minors && purpose.consentKind !== "guardian"
    ? [warning("guardian-consent-needed", `${path}.consentKind`, ["PIPL-31"])]
    : [];
}

function checkUnused({ categories, purposes, sdks = {} }: Policy): readonly PolicyFinding[] {
  const used = new Set(
    [...Object.values(purposes), ...Object.values(sdks)].flatMap((user) => user.categories),
  );
  // Requirement WX-4.4.4a: nothing is collected that no function needs.
  return Object.keys(categories)
    .filter((id) => !used.has(id))
    .map((id) => error("category-unused", `categories.${id}`, ["WX-4.4.4a", "PIPL-6"]));
}

/** Periods that stand beside those of the purposes. */
function checkKept({ holds = {}, evidence }: Policy): readonly PolicyFinding[] {
  return [
    ...Object.entries(holds).flatMap(([id, { days }]) => checkDays(days, `holds.${id}.days`)),
    ...(evidence ? checkDays(evidence.keepDays, "evidence.keepDays") : []),
  ];
}

function checkDays(days: number, path: string): readonly PolicyFinding[] {
  // Requirement PIPL-19: data is kept for the shortest time its purpose needs.
  const sane = Number.isInteger(days) && days > 0 && days <= MAX_RETENTION_DAYS;
  return sane ? [] : [error("retention-unreasonable", path, ["PIPL-19"])];
}

function checkStorage({
  platforms,
  categories,
  controller,
  storageLocations,
}: Policy): readonly PolicyFinding[] {
  const fromPlatform = Object.values(categories).some(({ source }) => source === "platform");
  if (platforms?.weixin === undefined || !fromPlatform) return [];
  // Requirement WX-4.4.9a: storing platform-provided data abroad moves it there, too.
  const places = storageLocations?.map((country, i) => ({
    country,
    path: `storageLocations.${i}`,
  })) ?? [{ country: controller.country, path: "controller.country" }];
  return places
    .filter(({ country }) => isAbroad(country))
    .map(({ path }) => error("transfer-abroad-of-platform-data", path, ["WX-4.4.9a"]));
}

function checkTcmpp(policy: Policy): readonly PolicyFinding[] {
  const tcmpp = policy.platforms?.tcmpp;
  if (tcmpp === undefined) return [];
  const sensitive = Object.entries(policy.categories).filter(
    ([, category]) => category.sensitive !== undefined,
  );
  return [
    // Requirement TC-D6.2a: no sensitive data goes through the platform.
    ...sensitive.map(([id]) => error("sensitive-data-on-tcmpp", `categories.${id}`, ["TC-D6.2a"])),
    ...(tcmpp.guard === "block"
      ? []
      : [warning("guard-not-blocking", "platforms.tcmpp.guard", ["TC-D6.2a"])]),
    // Requirement TC-D6.1: users are of the age of consent.
    ...(policy.audience?.minors === "possible"
      ? [error("minors-on-tcmpp", "audience.minors", ["TC-D6.1"])]
      : []),
  ];
}

function error(
  code: PolicyFindingCode,
  path: string,
  obligations: readonly string[],
): PolicyFinding {
  return { code, severity: "error", path, obligations };
}

function warning(
  code: PolicyFindingCode,
  path: string,
  obligations: readonly string[],
): PolicyFinding {
  return { code, severity: "warning", path, obligations };
}
