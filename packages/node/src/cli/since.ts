import { PrivacyError } from "@miniprivacy/core/errors";

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads a moment of the past: RFC 3339, or so many minutes, hours or days ago (`30m`, `24h`, `7d`).
 *
 * @param now Epoch milliseconds.
 * @param option Whose value it is (`--since`).
 * @throws PrivacyError `ERR_INPUT_INVALID`
 */
export function parseSince(text: string, now: number, option = "--since"): string {
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  const at = ago ? now - Number(ago[1]) * UNITS[ago[2] as keyof typeof UNITS] : Date.parse(text);
  if (Number.isNaN(at)) throw new PrivacyError("ERR_INPUT_INVALID", { detail: option });
  return new Date(at).toISOString();
}
