import { isAbroad } from "./abroad.ts";
import { checkDays } from "./check-days.ts";
import { type PolicyFinding, policyError, policyWarning } from "./policy-finding.ts";
import { processingMethods } from "./processing-methods.ts";
import type { PurposeContext, PurposeRule } from "./purpose-context.ts";

/** What the law asks of one purpose, on whatever platform. */
export function checkPurpose(context: PurposeContext): readonly PolicyFinding[] {
  return PURPOSE_RULES.flatMap((rule) => rule(context));
}

const PURPOSE_RULES: readonly PurposeRule[] = [
  checkRetention,
  checkMethods,
  checkSensitive,
  checkSharing,
  checkMarketing,
  checkGuardian,
];

function checkRetention({
  path,
  purpose: { retention },
}: PurposeContext): readonly PolicyFinding[] {
  // Requirement PIPL-17: the notice says how long data is kept.
  if (retention === undefined)
    return [policyError("retention-missing", `${path}.retention`, ["PIPL-17", "PIPL-19"])];
  return checkDays(retention.days, `${path}.retention.days`);
}

function checkMethods({ path, purpose, receivers }: PurposeContext): readonly PolicyFinding[] {
  const methods = processingMethods(purpose);
  const gives = methods.some((method) => ["transmit", "provide", "publish"].includes(method));
  // Requirement WX-4.4.4c: the manner of processing is told, that others get the data included.
  return methods.length === 0 || (receivers.length > 0 && purpose.methods !== undefined && !gives)
    ? [policyError("method-missing", `${path}.methods`, ["WX-4.4.4c", "PIPL-17"])]
    : [];
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
    findings.push(policyError("separate-consent-needed", `${path}.consentKind`, ["PIPL-29"]));
  // Requirement PIPL-30: its necessity and its impact are told.
  if (purpose.sensitiveNotice === undefined) {
    findings.push(policyError("sensitive-notice-missing", `${path}.sensitiveNotice`, ["PIPL-30"]));
  }
  return findings;
}

function checkSharing({
  policy,
  path,
  purpose,
  receivers,
  separate,
}: PurposeContext): readonly PolicyFinding[] {
  const hands = purpose.use === "sharing" || purpose.use === "transfer";
  const provides = hands || purpose.methods?.includes("provide") === true;
  const parties = [
    ...receivers.map(({ party }) => party),
    ...(policy.processor ? [policy.processor] : []),
  ];
  const toController = provides || receivers.some(({ party }) => party.role === "controller");
  const abroad = parties.some(({ country }) => isAbroad(country));
  const needed = (article: string): PolicyFinding =>
    policyError("separate-consent-needed", `${path}.consentKind`, [article]);
  return [
    // Requirement PIPL-23: who is given the data is named.
    ...(provides && receivers.length === 0
      ? [policyError("recipient-missing", `${path}.recipients`, ["PIPL-23"])]
      : []),
    // Requirement PIPL-23: giving data to another controller needs separate consent.
    ...(toController && !separate ? [needed("PIPL-23")] : []),
    // Requirement PIPL-39: giving data abroad needs separate consent.
    ...(abroad && !separate ? [needed("PIPL-39")] : []),
  ];
}

function checkMarketing({ path, purpose, separate }: PurposeContext): readonly PolicyFinding[] {
  if (purpose.use !== "marketing") return [];
  const findings: PolicyFinding[] = [];
  // Requirement WX-4.4.3, PIPL-16: consent to marketing is never bundled with the service.
  if (purpose.necessity === "necessary")
    findings.push(
      policyError("marketing-as-necessary", `${path}.necessity`, ["WX-4.4.3", "PIPL-16"]),
    );
  if (!separate)
    findings.push(policyError("separate-consent-needed", `${path}.consentKind`, ["WX-4.4.3"]));
  // Requirement PIPL-13: no contract and no duty by law needs marketing; it rests on consent.
  if (purpose.basis === "contract" || purpose.basis === "legal-duty")
    findings.push(policyError("separate-consent-needed", `${path}.basis`, ["WX-4.4.3", "PIPL-13"]));
  return findings;
}

function checkGuardian({
  policy,
  path,
  purpose,
  categories,
}: PurposeContext): readonly PolicyFinding[] {
  const minors =
    policy.audience?.minors === "possible" ||
    categories.some(({ sensitive }) => sensitive === "minor.under14");
  // Requirement PIPL-31: below fourteen a parent or guardian consents.
  return minors && purpose.basis === "consent" && purpose.consentKind !== "guardian"
    ? [policyWarning("guardian-consent-needed", `${path}.consentKind`, ["PIPL-31"])]
    : [];
}
