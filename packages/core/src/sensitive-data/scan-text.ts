import { CHILDREN_SINCE } from "./field-value.ts";
import type { Candidate, Finding } from "./finding.ts";
import type { MemberName } from "./member-name.ts";
import { candidatesIn } from "./scan-candidates.ts";
import type { DataCategoryId } from "./sensitive-category.ts";
import {
  actionsOf,
  type ActionOf,
  type ProfileChoice,
  type SensitiveProfile,
} from "./sensitive-profile.ts";

export interface ScanOptions {
  /** Which categories count (`tcmpp-strict`). */
  readonly profile?: ProfileChoice;
  /**
   * Milliseconds since 1970. Tells who is under fourteen, and which allowances of a profile have ended; without it
   * whoever was born in 2012 or later counts as a child, and no allowance counts.
   */
  readonly now?: number;
}

/**
 * Finds personal data in a text: by its content, and by the names that values stand under.
 *
 * Read through full-width forms, invisible characters, escapes, percent-encoding, base64 and spacing. Linear in the
 * length of the text, whatever it holds.
 *
 * @returns Findings in order of position, none overlapping.
 */
export function scanText(text: string, options: ScanOptions = {}): readonly Finding[] {
  return textFindings(text, "$", scanRules(options));
}

/** Options of a scan, ready for use. */
export interface ScanRules {
  readonly actionOf: ActionOf;
  readonly childrenSince: number;
  /** Names of members that were met, and what they tell. */
  readonly names: Map<string, MemberName>;
}

/** Those of whole profiles without a time: constants, made when they are first needed. */
const wholeProfiles = new Map<SensitiveProfile, ScanRules>();

export function scanRules({ profile = "tcmpp-strict", now }: ScanOptions): ScanRules {
  const isWhole = typeof profile === "string" && now === undefined;
  const known = isWhole ? wholeProfiles.get(profile) : undefined;
  if (known !== undefined) return known;
  const rules: ScanRules = {
    actionOf: actionsOf(profile, now),
    childrenSince: now === undefined ? CHILDREN_SINCE : new Date(now).getUTCFullYear() - 14,
    names: new Map(),
  };
  if (isWhole) wholeProfiles.set(profile, rules);
  return rules;
}

export function isIgnored(category: DataCategoryId, { actionOf }: ScanRules): boolean {
  return actionOf(category) === "ignore";
}

/** What the rules list of the text at a path. */
export function textFindings(text: string, path: string, rules: ScanRules): readonly Finding[] {
  const candidates = listedCandidates(text, rules);
  if (candidates.length === 0) return NONE;
  return surest(candidates).map(({ type, category, start, end, confidence, evidence }) => ({
    type,
    category,
    path,
    start,
    end,
    confidence,
    evidence,
  }));
}
const NONE: readonly Finding[] = [];

/** What the rules list of a text, in order of position; may overlap. */
export function listedCandidates(text: string, rules: ScanRules): readonly Candidate[] {
  const found = candidatesIn(text, rules.childrenSince);
  if (found.length === 0) return found;
  return found
    .filter(({ category }) => !isIgnored(category, rules))
    .sort((a, b) => a.start - b.start);
}

/** Of candidates that overlap, the surest, or else the longest; one pass over candidates in order of position. */
function surest(candidates: readonly Candidate[]): readonly Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const last = kept[kept.length - 1];
    if (last === undefined || candidate.start >= last.end) kept.push(candidate);
    else if (isSurer(candidate, last)) kept[kept.length - 1] = candidate;
  }
  return kept;
}

function isSurer(a: Candidate, b: Candidate): boolean {
  if (a.confidence !== b.confidence) return a.confidence > b.confidence;
  return a.end - a.start > b.end - b.start;
}
