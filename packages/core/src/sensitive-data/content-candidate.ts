import { bankCardConfidence, isCardStart } from "./bank-card.ts";
import {
  CLOSE,
  type DigitCluster,
  digitClusters,
  FEWEST_DIGITS,
  MARK,
  MOST_DIGITS,
  SPACING,
} from "./digit-cluster.ts";
import { RESIDENT_ID_LENGTHS, residentIdConfidence } from "./resident-id.ts";
import type { SensitiveCategoryId } from "./sensitive-category.ts";

/** What may be sensitive by its content, at its place in a text. Never holds the value. */
export interface ContentCandidate {
  readonly type: "cn-resident-id" | "bank-card";
  readonly category: SensitiveCategoryId;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
}

/** Groups in which the number of a card is written; shorter ones count only when they are all there is. */
const SHORTEST_GROUP = 3;

/** Everything in a text that may be sensitive by its content, in order of position; may overlap. */
export function contentCandidates(text: string): readonly ContentCandidate[] {
  const found: ContentCandidate[] = [];
  for (const cluster of digitClusters(text)) {
    const last = cluster.end - FEWEST_DIGITS;
    for (let from = cluster.first; from <= last; from++) {
      if (cluster.joints[from] === CLOSE) continue;
      addResidentId(text, cluster, from, found);
      if (isCardStart(cluster.digits[from]!)) addCard(text, cluster, from, found);
    }
  }
  return found;
}

function addResidentId(
  text: string,
  cluster: DigitCluster,
  from: number,
  found: ContentCandidate[],
): void {
  for (const count of RESIDENT_ID_LENGTHS) {
    if (!endsAt(cluster, from + count)) continue;
    const confidence = residentIdConfidence(cluster.digits, from, count);
    // The old form has no checksum: only when it stands by itself.
    const counts = confidence > 0 && (count === 18 || standsAlone(text, cluster, from, count));
    if (counts) found.push({ ...RESIDENT_ID, ...span(cluster, from, count), confidence });
  }
}

function addCard(
  text: string,
  cluster: DigitCluster,
  from: number,
  found: ContentCandidate[],
): void {
  for (let count = MOST_DIGITS; count >= FEWEST_DIGITS; count--) {
    if (!endsAt(cluster, from + count)) continue;
    const confidence = bankCardConfidence(cluster.digits, from, count);
    if (confidence === 0 || !isWrittenAsCard(cluster, from, count)) continue;
    if (!isInWord(text, cluster, from, count))
      found.push({ ...BANK_CARD, ...span(cluster, from, count), confidence });
  }
}

/** Whether a group ends before that digit. */
function endsAt(cluster: DigitCluster, end: number): boolean {
  return end <= cluster.end && jointAt(cluster, end) !== CLOSE;
}

/** How a digit follows the one before it; 0 at either end of the cluster. */
function jointAt({ first, end, joints }: DigitCluster, i: number): number {
  return i === first || i === end ? 0 : joints[i]!;
}

function span(
  { at }: DigitCluster,
  from: number,
  count: number,
): { readonly start: number; readonly end: number } {
  return { start: at[from]!, end: at[from + count - 1]! + 1 };
}

function standsAlone(text: string, cluster: DigitCluster, from: number, count: number): boolean {
  return groupsIn(cluster, from, count).length === 1 && !isInWord(text, cluster, from, count);
}

const RESIDENT_ID = { type: "cn-resident-id", category: "id-document.cn-id-number" } as const;
const BANK_CARD = { type: "bank-card", category: "financial.account" } as const;

/** In groups of at least three digits, or in whatever groups when nothing else stands beside them. */
function isWrittenAsCard(cluster: DigitCluster, from: number, count: number): boolean {
  const groups = groupsIn(cluster, from, count);
  const before = jointAt(cluster, from);
  const after = jointAt(cluster, from + count);
  // A point before or after a single group makes it part of a decimal number.
  if (groups.length === 1) return before !== MARK && after !== MARK;
  if (cluster.joints.subarray(from + 1, from + count).includes(MARK)) return false;
  const alone = before !== SPACING && after !== SPACING;
  return alone || groups.every((length) => length >= SHORTEST_GROUP);
}

/** The lengths of the groups that a number is written in. */
function groupsIn({ joints }: DigitCluster, from: number, count: number): readonly number[] {
  const lengths = [1];
  for (let i = from + 1; i < from + count; i++)
    if (joints[i] === CLOSE) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  return lengths;
}

/** Order numbers and hashes mix letters and digits. */
function isInWord(text: string, cluster: DigitCluster, from: number, count: number): boolean {
  const { start, end } = span(cluster, from, count);
  return /[A-Za-zＡ-Ｚａ-ｚ]/.test(text.charAt(start - 1) + text.charAt(end));
}
