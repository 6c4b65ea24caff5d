import type { Finding } from "./finding.ts";
import { scanText, type ScanOptions } from "./scan-text.ts";

/**
 * Masks what a scan finds: of a resident ID the first and last character stay, of a bank card the last four digits.
 *
 * @see Weixin safety guide, display masks
 */
export function redactText(text: string, options: ScanOptions = {}): string {
  let out = "";
  let done = 0;
  for (const finding of scanText(text, options)) {
    out += text.slice(done, finding.start) + mask(text.slice(finding.start, finding.end), finding);
    done = finding.end;
  }
  return out + text.slice(done);
}

function mask(value: string, { type }: Finding): string {
  const [head, tail] = type === "cn-resident-id" ? [1, 1] : [0, 4];
  return (
    value.slice(0, head) + "*".repeat(value.length - head - tail) + value.slice(value.length - tail)
  );
}
