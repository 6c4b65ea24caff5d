import type { Finding } from "./finding.ts";
import type { Provenance } from "./provenance.ts";
import { scanRules, type ScanOptions, type ScanRules, textFindings } from "./scan-text.ts";
import { stoppedTexts } from "./stopped-texts.ts";
import {
  createWalk,
  type Known,
  type Leaves,
  pathOf,
  type Place,
  SCAN_LIMITS,
} from "./value-walk.ts";

export interface ValueScanOptions extends ScanOptions {
  /** Bytes of text in UTF-8 that are gone through at most (4,000,000). */
  readonly maxBytes?: number;
  /** Where values came from, as far as it was told. */
  readonly provenance?: Provenance;
}

export type ValueScan =
  | { readonly finished: true; readonly findings: readonly Finding[] }
  /** The value is deeper or larger than {@link SCAN_LIMITS}, or part of it could not be read. */
  | { readonly finished: false; readonly findings: readonly Finding[] };

/**
 * Finds personal data in a value by content, by the names of fields and by where it came from.
 *
 * Goes through objects, arrays, whatever can be iterated more than once (Map, Set, FormData, Headers), bytes that are
 * UTF-8, JSON inside strings, and what `toJSON` gives. Each is read once: a getter that answers otherwise the next
 * time is not seen through. Streams, blobs, promises and bytes that are no text cannot be read: not finished.
 */
export function scanValue(value: unknown, options: ValueScanOptions = {}): ValueScan {
  return valueFindings(value, scanRules(options), options);
}

/** JSON deeper in JSON is told of as a whole. */
const DEEPEST_TEXT = 3;

/** What the rules list of a value. */
export function valueFindings(
  value: unknown,
  rules: ScanRules,
  { maxBytes = SCAN_LIMITS.characters, provenance }: Omit<ValueScanOptions, keyof ScanOptions>,
): ValueScan {
  const findings: Finding[] = [];
  const walk = createWalk(rules, maxBytes, provenance);
  let full = false;

  function scan(part: unknown, place: Place, depth: number, textsAround: number): void {
    const leaves = walk.leavesOf(part, place, depth);
    const marks: Mark[] = [];
    let next = 0;
    const tellKnown = (until: number): void => {
      while (next < leaves.known.length && leaves.known[next]!.slot < until)
        tellOf(leaves.known[next++]!, marks);
    };
    for (const slot of stoppedTexts(leaves.texts)) {
      tellKnown(slot);
      marks.push({ slot, at: findings.length });
      scanLeaf(leaves, slot, depth, textsAround);
    }
    tellKnown(leaves.texts.length);
  }

  /** What the content of a member tells too is told once. */
  function tellOf({ slot, finding, from }: Known, marks: Mark[]): void {
    if (from !== undefined) {
      const first = marks.find((mark) => mark.slot >= from)?.at ?? findings.length;
      if (findings.slice(first).some(({ category }) => category === finding.category)) return;
    }
    marks.push({ slot, at: findings.length });
    tell(finding);
  }

  /**
   * A text is looked at as it stands; only one that holds something is parsed, to tell where. What parsing does not
   * show (a name that stands twice, a rounded number, a fault) is told of the text as a whole.
   */
  function scanLeaf({ texts, places }: Leaves, slot: number, depth: number, around: number): void {
    const text = texts[slot]!;
    const seen = textFindings(text, "", rules);
    if (seen.length === 0) return;
    const known = findings.length;
    const place = places[slot]!;
    const parsed = around < DEEPEST_TEXT ? parseJson(text) : undefined;
    if (parsed !== undefined) scan(parsed, place, depth + 1, around + 1);
    const placed = findings.slice(known);
    const path = pathOf(place);
    for (const category of new Set(seen.map((finding) => finding.category))) {
      const all = seen.filter((finding) => finding.category === category);
      const told = placed.filter((finding) => finding.category === category).length;
      for (const finding of all.slice(told)) tell({ ...finding, path });
    }
  }

  function tell(finding: Finding): void {
    if (findings.length < SCAN_LIMITS.findings) findings.push(finding);
    else full = true;
  }

  scan(value, { within: undefined, key: "$" }, 0, 0);
  return { finished: walk.isComplete() && !full, findings };
}

/** Up to where findings had been told before a slot. */
interface Mark {
  readonly slot: number;
  readonly at: number;
}

function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text.trim());
  } catch {
    return undefined;
  }
}
