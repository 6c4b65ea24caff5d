import { bankCardConfidence, CARD_DIGITS } from "./bank-card.ts";
import { MARK, SPACING } from "./character-class.ts";
import { isAfter, isWordBefore } from "./context.ts";
import {
  CLOSE,
  type DigitCluster,
  endsAt,
  FEWEST_DIGITS,
  groupsIn,
  MOST_DIGITS,
  NONE,
} from "./digit-cluster.ts";
import type { ContentType } from "./finding.ts";
import { isCreditCode, isImei, PERMIT } from "./identifier.ts";
import { phoneDigits } from "./phone.ts";
import { RESIDENT_ID_LENGTHS, residentIdConfidence } from "./resident-id.ts";

/** Takes what was recognised, and where. */
export type Tell = (type: ContentType, start: number, end: number, confidence: number) => void;

/** Tells of the numbers in a cluster of digits. */
export function tellNumbers(text: string, cluster: DigitCluster, tell: Tell): void {
  const { length, joints } = cluster;
  if (length > MOST_DIGITS && isOneGroup(cluster, 0, length)) return;
  for (let from = 0; from + FEWEST_DIGITS <= length; from++)
    if (joints[from] !== CLOSE && !isAmongApart(cluster, from))
      tellNumbersFrom(text, cluster, from, tell);
}

/** A number whose digits are written apart begins with the first of them. */
function isAmongApart(cluster: DigitCluster, from: number): boolean {
  return from > 0 && cluster.joints[from - 1] !== CLOSE && endsAt(cluster, from + 1);
}

function tellNumbersFrom(text: string, cluster: DigitCluster, from: number, tell: Tell): void {
  const { length, digits, at } = cluster;
  const spans = (type: ContentType, count: number, confidence: number): void =>
    tell(type, at[from]!, at[from + count - 1]! + 1, confidence);
  const room = length - from;

  const phone = isInNumber(text, cluster, from) ? 0 : phoneDigits(text, cluster, from);
  if (phone > 0 && !isInWord(text, cluster, from, phone)) {
    const plus = text.charAt(at[from]! - 1) === "+" ? 1 : 0;
    tell("phone", at[from]! - plus, at[from + phone - 1]! + 1, 0.9);
  }
  if (from === 0 && length === 8) {
    if (isAfter(text, at[from]!, PERMIT)) spans("travel-permit", 8, 0.8);
    if (isAfter(text, at[from]!, MACAO)) spans("mo-id", 8, 0.8);
  }
  if (room < CARD_DIGITS.fewest) return;

  for (const count of RESIDENT_ID_LENGTHS) {
    if (!endsAt(cluster, from + count)) continue;
    const confidence = residentIdConfidence(digits, from, count);
    // The old form has no checksum: only when it stands by itself.
    if (confidence > 0 && (count === 18 || standsAlone(text, cluster, from, count)))
      spans("cn-resident-id", count, confidence);
  }
  if (
    endsAt(cluster, from + 15) &&
    isImei(digits, from) &&
    IMEI_GROUPS.includes(groupsIn(cluster, from, from + 15).join())
  )
    if (!isInWord(text, cluster, from, 15)) spans("imei", 15, 0.91);
  if (endsAt(cluster, from + 18) && standsAlone(text, cluster, from, 18))
    if (isCreditCode(text.slice(at[from], at[from + 17]! + 1)))
      spans("unified-social-credit-code", 18, 0.9);
  for (let count = Math.min(CARD_DIGITS.most, room); count >= CARD_DIGITS.fewest; count--) {
    if (!endsAt(cluster, from + count)) continue;
    const confidence = bankCardConfidence(digits, from, count);
    if (confidence > 0 && isWrittenAsCard(text, cluster, from, count))
      if (!isInWord(text, cluster, from, count)) spans("bank-card", count, confidence);
  }
}

/** How the digits of an IMEI are parted, if at all. */
const IMEI_GROUPS: readonly string[] = ["15", "2,6,6,1", "6,2,6,1", "8,6,1"];
const MACAO = /(?:澳[门門]|macao|macau|\bBIR\b)[^\n。；;]{0,16}$/i;

/** A point before a single group makes it part of a decimal number or an address. */
function isInNumber(text: string, { joints, at }: DigitCluster, from: number): boolean {
  if (joints[from] !== MARK || at[from - 1]! + 2 !== at[from]) return false;
  const mark = text.charAt(at[from] - 1);
  return mark === "." || mark === "/";
}

function isOneGroup({ at }: DigitCluster, from: number, count: number): boolean {
  return at[from]! + count - 1 === at[from + count - 1];
}

function standsAlone(text: string, cluster: DigitCluster, from: number, count: number): boolean {
  if (isInNumber(text, cluster, from)) return false;
  return isOneGroup(cluster, from, count) && !isInWord(text, cluster, from, count);
}

/** Groups in which the number of a card is written; shorter ones count only when they are all there is. */
const SHORTEST_GROUP = 3;

/** In groups of at least three digits, or each digit apart when nothing else stands beside them. */
function isWrittenAsCard(
  text: string,
  cluster: DigitCluster,
  from: number,
  count: number,
): boolean {
  const { joints, length, at } = cluster;
  const before = joints[from]!;
  const after = from + count === length ? NONE : joints[from + count]!;
  const groups = groupsIn(cluster, from, from + count);
  if (groups.length === 1)
    return !isInNumber(text, cluster, from) && !/^\.\d/.test(text.slice(at[from + count - 1]! + 1));
  if (joints.subarray(from + 1, from + count).includes(MARK)) return false;
  const alone = before !== SPACING && after !== SPACING;
  const inFours = groups.slice(0, -1).every((size) => size === 4);
  return (
    inFours || groups.every((size) => size >= SHORTEST_GROUP) || (alone && groups.length === count)
  );
}

/** Order numbers and hashes mix letters and digits; UUIDs part them by hyphens. */
function isInWord(text: string, { at }: DigitCluster, from: number, count: number): boolean {
  const end = at[from + count - 1]! + 1;
  if (isWordBefore(text, at[from]!) || /[A-Za-z]/.test(text.charAt(end))) return true;
  return /^-[A-Za-z]/.test(text.slice(end, end + 2)) && text.charAt(at[from]! - 1) === "-";
}
