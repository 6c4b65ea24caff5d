import { isAlnum, isHex, isLetter } from "./ascii.ts";
import { base64Run } from "./base64-text.ts";
import { AGE, AT, COLON, DIGIT, HAN, HIDDEN, LOWER, SPACING, UPPER } from "./character-class.ts";
import { coordinatesAt } from "./coordinates.ts";
import {
  CLOSE,
  type DigitCluster,
  emptyCluster,
  FEWEST_DIGITS,
  readCluster,
} from "./digit-cluster.ts";
import { emailAround } from "./email.ts";
import { type Candidate, CATEGORY_OF_CONTENT, type ContentType } from "./finding.ts";
import { identify } from "./identifier.ts";
import { scanLexicon } from "./lexicon.ts";
import { ipv4End, ipv6End, macEnd } from "./network-address.ts";
import { nextStop } from "./next-stop.ts";
import { tellNumbers } from "./number-candidates.ts";
import { isEncoded, plainText } from "./plain-text.ts";
import { goTo, readingOf } from "./reading.ts";
import { passwordStart, tokenAround, typeOfToken } from "./secret.ts";
import { type WordReader, wordReader } from "./word-candidates.ts";

/** Base64 in base64 … deeper is not looked into. */
const DEEPEST_BASE64 = 3;

/**
 * Everything in a text that may be personal data, in order of position; may overlap.
 *
 * One pass: a character is looked at once, and again only where something may begin. Linear, whatever the text holds.
 */
export function candidatesIn(text: string, childrenSince: number, depth = 0): Candidate[] {
  const found: Candidate[] = [];
  if (pass(text, childrenSince, depth, false, found)) return found;
  const plain = plainText(text);
  const inPlain: Candidate[] = [];
  pass(plain.text, childrenSince, depth, true, inPlain);
  return inPlain.map((candidate) => ({
    ...candidate,
    start: plain.start(candidate.start),
    end: plain.end(candidate.end),
  }));
}

const HYPHEN = 0x2d;

/** Whether the second group of a cluster follows the first after a point. */
function hasPoint(text: string, { at, joints, length }: DigitCluster): boolean {
  let i = 1;
  while (i < length && joints[i] === CLOSE) i++;
  return i < length && at[i - 1]! + 2 === at[i] && text.charAt(at[i]! - 1) === ".";
}

/** Used again and again: one for texts as they stand, one for each that base64 hides. */
const clusters: DigitCluster[] = [];
/** One that a long text has made larger is not kept. */
const MOST_KEPT = 4096;

function clusterAt(depth: number): DigitCluster {
  const kept = clusters[depth];
  const isKept = kept !== undefined && kept.digits.length <= MOST_KEPT;
  return isKept ? kept : (clusters[depth] = emptyCluster());
}

/** One pass over a text; false when it holds what is not read as it stands, which a second pass is for. */
function pass(
  text: string,
  childrenSince: number,
  depth: number,
  isPlain: boolean,
  found: Candidate[],
): boolean {
  const lexicon = scanLexicon();
  const { classes } = lexicon;
  const reading = readingOf(text, depth > 0);
  let at = nextStop(reading, lexicon);
  if (at < 0) return true;
  const cluster = clusterAt(depth);
  let reader: WordReader | undefined;
  let wordDone = 0;
  let base64Done = 0;
  let tokenDone = 0;
  let placesDone = 0;
  let addressDone = 0;

  for (; at >= 0; at = nextStop(reading, lexicon)) {
    const kind = classes[text.charCodeAt(at)]!;
    if (kind === DIGIT) {
      goTo(reading, number(at));
      continue;
    }
    if (kind === LOWER || kind === UPPER) {
      words().latin(at);
      continue;
    }
    if (kind === HAN) words().han(at);
    else if (kind === AGE) words().age(at);
    else if (kind === COLON) colon(at);
    else if (kind === AT) email(at);
    else if (kind === SPACING) hardwareAddress(at - 5);
    else if (!isPlain && (kind === HIDDEN || isEncoded(text, at))) return false;
    goTo(reading, at + 1);
  }
  return true;

  function words(): WordReader {
    return (reader ??= wordReader(text, childrenSince, found, tell));
  }

  function tell(type: ContentType, start: number, end: number, confidence: number): void {
    found.push({
      type,
      category: CATEGORY_OF_CONTENT[type],
      start,
      end,
      confidence,
      evidence: "content",
    });
  }

  /** A digit: a word of letters and digits, and a number; returns where to go on. */
  function number(at: number): number {
    if (at >= wordDone && isLetter(text.charCodeAt(at - 1))) {
      const end = mixedWord(at);
      if (end > at) return end;
    }
    const end = readCluster(cluster, text, at, classes);
    if (end >= wordDone && isLetter(text.charCodeAt(end))) mixedWord(end - 1);
    if (cluster.length >= FEWEST_DIGITS) tellNumbers(text, cluster, tell);
    if (hasPoint(text, cluster)) dotted(at);
    return end;
  }

  /** A word of letters and digits; returns where to go on when it holds a text of its own. */
  function mixedWord(at: number): number {
    let start = at;
    while (start > wordDone && isAlnum(text.charCodeAt(start - 1))) start--;
    let end = at;
    while (isAlnum(text.charCodeAt(end))) end++;
    wordDone = end;
    const known = end - start > 18 ? undefined : identify(text, start, end);
    if (known !== undefined) tell(known.type, start, known.end, known.confidence);
    if (at >= tokenDone) {
      const token = tokenAround(text, at);
      tokenDone = token.end;
      const type = typeOfToken(text, token);
      if (type !== undefined) tell(type, token.start, token.end, 0.92);
    }
    return at >= base64Done ? base64(at, start) : at;
  }

  /** Base64 letters from where they begin, or from the word: `/` and `-` part others too. */
  function base64(at: number, word: number): number {
    let run = base64Run(text, at, base64Done);
    base64Done = Math.max(run.end, wordDone);
    if (run.text === undefined) run = base64Run(text.slice(0, wordDone), word, word);
    if (run.text === undefined || depth === DEEPEST_BASE64) return at;
    for (const candidate of candidatesIn(run.text, childrenSince, depth + 1))
      found.push({ ...candidate, start: run.start, end: run.end });
    return run.end;
  }

  /** Numbers with points: an address of a host, or of a place. */
  function dotted(at: number): void {
    const host = ipv4End(text, at);
    if (host > 0) tell("ip-address", at, host, 0.93);
    const start = text.charAt(at - 1) === "-" ? at - 1 : at;
    const places = start < placesDone ? undefined : coordinatesAt(text, start);
    if (places === undefined) return;
    placesDone = places.end;
    const category = places.count > 2 ? "location.trajectory" : "location.precise-point";
    found.push({
      type: "coordinates",
      category,
      start,
      end: places.end,
      confidence: 0.9,
      evidence: "content",
    });
  }

  /** A colon within hexadecimal digits. */
  function colon(at: number): void {
    let start = at;
    while (at - start < 5 && isHex(text.charCodeAt(start - 1))) start--;
    if (at - start > 4 || start === at || text.charAt(start - 1) === ":") return;
    const end = ipv6End(text, start);
    if (end > 0) tell("ip-address", start, end, 0.9);
    if (at - start === 2) hardwareAddress(start);
  }

  /** The address that a pair of hexadecimal digits begins or belongs to; only its first pair with a digit tells. */
  function hardwareAddress(pair: number): void {
    let start = pair;
    while (pair - start < 15 && isHexPair(start - 3) && text.charCodeAt(start - 1) === HYPHEN)
      start -= 3;
    const end = start < addressDone ? 0 : macEnd(text, start);
    if (end === 0) return;
    addressDone = end;
    tell("mac-address", start, end, 0.95);
  }

  function isHexPair(at: number): boolean {
    return isHex(text.charCodeAt(at)) && isHex(text.charCodeAt(at + 1));
  }

  function email(at: number): void {
    const address = emailAround(text, at);
    if (address !== undefined) tell("email", address.start, address.end, 0.95);
    const password = text.charAt(at - 1) === "@" ? 0 : passwordStart(text, at);
    if (password > 0) tell("credential", password, at, 0.93);
  }
}
