import type { Finding } from "./finding.ts";
import { scanRules, type ScanOptions, textFindings } from "./scan-text.ts";

/** Scans a text that comes in pieces. */
export interface ScanStream {
  /**
   * Takes the next piece.
   *
   * @returns what is certain by now, at offsets in the whole text
   */
  write(piece: string): readonly Finding[];
  /** Ends the text. @returns what was still open */
  end(): readonly Finding[];
}

/** So much is read at once: less would be read twice too often. */
const STEP = 16_384;
/** Nothing that is looked for, with the words around it that count, is longer, but for base64. */
const REACH = 1024;
/** Words before a place count no further back. */
const LOOKBACK = 128;

/**
 * Scans a text that comes in pieces, cut anywhere, as if it came whole. It holds back at most 20,000 characters and the
 * last piece; a finding is told when nothing that follows can change it.
 */
export function createScanStream(options: ScanOptions = {}): ScanStream {
  const rules = scanRules(options);
  let held = "";
  /** Where what is held begins in the whole text, and up to where it has been told of. */
  let offset = 0;
  let told = 0;

  function scan(until: number): readonly Finding[] {
    const findings = textFindings(held, "$", rules)
      .map((found) => ({ ...found, start: found.start + offset, end: found.end + offset }))
      .filter(({ start }) => start >= told && start < until);
    told = until;
    return findings;
  }

  return {
    write(piece) {
      held += piece;
      if (held.length < STEP + REACH * 2) return [];
      const cut = quietPlace(held, held.length - REACH * 2, held.length - REACH);
      const findings = scan(offset + cut);
      const keep = quietPlace(held, Math.max(0, cut - LOOKBACK * 2), cut - LOOKBACK);
      held = held.slice(keep);
      offset += keep;
      return findings;
    },
    end: () => scan(offset + held.length),
  };
}

/** The last place in a part of a text where a line or a sentence ends, or else a word; else the end of the part. */
function quietPlace(text: string, from: number, to: number): number {
  const part = text.slice(from, to);
  for (const end of ["\n", "。", '"', ",", " "]) {
    const at = part.lastIndexOf(end);
    if (at >= 0) return from + at + 1;
  }
  return to;
}
