import { bankCardConfidence } from "./bank-card.ts";
import { type DigitRun, digitRuns } from "./digit-run.ts";
import type { Finding } from "./finding.ts";
import { residentIdConfidence } from "./resident-id.ts";
import type { SensitiveCategoryId } from "./sensitive-category.ts";
import { categoryAction, type SensitiveProfile } from "./sensitive-profile.ts";

export interface ScanOptions {
  /** (`tcmpp-strict`) */
  readonly profile?: SensitiveProfile;
}

/**
 * Finds sensitive data in a text by its content: PRC resident IDs and bank cards so far.
 *
 * Linear in the length of the text, whatever it holds.
 *
 * @returns Findings in order of position, none overlapping.
 */
export function scanText(
  text: string,
  { profile = "tcmpp-strict" }: ScanOptions = {},
): readonly Finding[] {
  return contentFindings(text, "$").filter(
    ({ category }) => categoryAction(profile, category) !== "ignore",
  );
}

/** Findings of every profile in one text. */
export function contentFindings(text: string, path: string): readonly Finding[] {
  const ids = digitRuns(text, false).flatMap((run) =>
    found(
      run,
      path,
      "cn-resident-id",
      "id-document.cn-id-number",
      residentIdConfidence(run.digits),
    ),
  );
  const cards = digitRuns(text, true).flatMap((run) =>
    found(run, path, "bank-card", "financial.account", bankCardConfidence(run.digits)),
  );
  return strongest([...ids, ...cards].sort((a, b) => a.start - b.start));
}

/** Of findings that overlap, the surest; one pass over findings in order of position. */
function strongest(findings: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = [];
  for (const finding of findings) {
    const last = kept.at(-1);
    if (last === undefined || !overlap(last, finding)) kept.push(finding);
    else if (finding.confidence > last.confidence) kept[kept.length - 1] = finding;
  }
  return kept;
}

function overlap(a: Finding, b: Finding): boolean {
  return a.start < b.end && b.start < a.end;
}

function found(
  { start, end }: DigitRun,
  path: string,
  type: "cn-resident-id" | "bank-card",
  category: SensitiveCategoryId,
  confidence: number,
): readonly Finding[] {
  return confidence === 0
    ? []
    : [{ type, category, path, start, end, confidence, evidence: "content" }];
}
