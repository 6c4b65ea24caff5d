import type { Candidate } from "./finding.ts";
import { listedCandidates, type ScanOptions, scanRules, type ScanRules } from "./scan-text.ts";
import { displayMask } from "./display-mask.ts";

/**
 * Masks what a scan finds, as the official display masks do. Where findings overlap, each is masked.
 *
 * @see Weixin safety guide, display masks
 */
export function redactText(text: string, options: ScanOptions = {}): string {
  return maskedText(text, scanRules(options));
}

/** A mask may lay bare what stood beside it; twice is enough for whatever text was tried. */
const MOST_ROUNDS = 4;

/** The text with what the rules list masked. */
export function maskedText(text: string, rules: ScanRules): string {
  let masked = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const candidates = listedCandidates(masked, rules);
    const next = candidates.length === 0 ? masked : maskedParts(masked, candidates);
    if (next === masked) break;
    masked = next;
  }
  return masked;
}

function maskedParts(text: string, candidates: readonly Candidate[]): string {
  const masked = candidates
    .map((candidate) => maskedPart(text, candidate))
    .sort(([a], [b]) => a - b);
  let out = "";
  let done = 0;
  for (const [from, to] of masked) {
    if (to <= done) continue;
    const start = Math.max(from, done);
    out += text.slice(done, start) + "*".repeat(to - start);
    done = to;
  }
  return out + text.slice(done);
}

function maskedPart(text: string, { category, start, end }: Candidate): readonly [number, number] {
  const [head, tail] = displayMask(category, text.slice(start, end));
  return [start + head, end - tail];
}
