import type { ContentCandidate } from "./content-candidate.ts";
import { listedCandidates, type ScanOptions } from "./scan-text.ts";

/**
 * Masks what a scan finds: of a resident ID the first and last character stay, of a bank card the last four characters.
 * Where findings overlap, each is masked.
 *
 * @see Weixin safety guide, display masks
 */
export function redactText(text: string, { profile = "tcmpp-strict" }: ScanOptions = {}): string {
  let out = "";
  let done = 0;
  for (const [from, to] of listedCandidates(text, profile).map(masked)) {
    if (to <= done) continue;
    const start = Math.max(from, done);
    out += text.slice(done, start) + "*".repeat(to - start);
    done = to;
  }
  return out + text.slice(done);
}

function masked({ type, start, end }: ContentCandidate): readonly [number, number] {
  return type === "cn-resident-id" ? [start + 1, end - 1] : [start, end - 4];
}
