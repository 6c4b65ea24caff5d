/** What a watermark is held against. */
export interface WatermarkCheck {
  readonly appId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly maxAgeMs: number;
}

/** How far two servers' clocks, and the way between them, may put a moment off. */
const SLACK_MS = 60_000;

/**
 * Whether Weixin made the data for this app, and not too long ago. The watermark names the second in which the person
 * acted, so data is never from the future either: a minute is granted on both sides.
 */
export function isOwnWatermark(
  watermark: unknown,
  { appId, now, maxAgeMs }: WatermarkCheck,
): boolean {
  if (typeof watermark !== "object" || watermark === null) return false;
  const { appid, timestamp } = watermark as { readonly [name: string]: unknown };
  if (appid !== appId || !Number.isSafeInteger(timestamp)) return false;
  const age = now - (timestamp as number) * 1000;
  return -SLACK_MS <= age && age <= maxAgeMs + SLACK_MS;
}
