import { type ContentCandidate, contentCandidates } from "./content-candidate.ts";
import type { Finding } from "./finding.ts";
import { categoryAction, type SensitiveProfile } from "./sensitive-profile.ts";

export interface ScanOptions {
  /** (`tcmpp-strict`) */
  readonly profile?: SensitiveProfile;
}

/**
 * Finds sensitive data in a text by its content: PRC resident IDs and bank cards so far.
 *
 * Read through full-width forms, invisible characters and spacing. Linear in the length of the text, whatever it holds.
 *
 * @returns Findings in order of position, none overlapping.
 */
export function scanText(
  text: string,
  { profile = "tcmpp-strict" }: ScanOptions = {},
): readonly Finding[] {
  return contentFindings(text, "$", profile);
}

/** What a profile lists of a text's content, in order of position; may overlap. */
export function listedCandidates(
  text: string,
  profile: SensitiveProfile,
): readonly ContentCandidate[] {
  return contentCandidates(text).filter(
    ({ category }) => categoryAction(profile, category) !== "ignore",
  );
}

/** What a profile lists of the content of the text at a path. */
export function contentFindings(
  text: string,
  path: string,
  profile: SensitiveProfile,
): readonly Finding[] {
  return surest(listedCandidates(text, profile)).map((candidate) => ({
    ...candidate,
    path,
    evidence: "content",
  }));
}

/** Of candidates that overlap, the surest, or else the longest; one pass over candidates in order of position. */
function surest(candidates: readonly ContentCandidate[]): readonly ContentCandidate[] {
  const kept: ContentCandidate[] = [];
  for (const candidate of candidates) {
    const last = kept[kept.length - 1];
    if (last === undefined || candidate.start >= last.end) kept.push(candidate);
    else if (isSurer(candidate, last)) kept[kept.length - 1] = candidate;
  }
  return kept;
}

function isSurer(a: ContentCandidate, b: ContentCandidate): boolean {
  if (a.confidence !== b.confidence) return a.confidence > b.confidence;
  return a.end - a.start > b.end - b.start;
}
