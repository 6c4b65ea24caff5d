import { soundPolicy } from "../policy/policy.fixture.ts";
import { consentEvent } from "./consent-event.fixture.ts";
import type { ConsentEvent } from "./consent-event.ts";
import { type ConsentRecord, consentRecord, type RecordContext } from "./consent-record.ts";
import { consentTerms } from "./consent-terms.ts";

export const NOW: number = Date.UTC(2027, 0);

export const servedNotice = {
  language: "zh-CN",
  textDigest: "b".repeat(64),
  servedAt: "2026-11-24T07:59:00.000Z",
  surface: "element",
} as const;

/** The record of `delivery` under the sound policy; a grant under a notice when no events are given. */
export function deliveryRecord(
  events: readonly ConsentEvent[] = [consentEvent({ notice: servedNotice })],
  context: Partial<RecordContext> = {},
): ConsentRecord {
  return consentRecord(events, consentTerms(soundPolicy, "delivery"), {
    standing: ["0".repeat(64)],
    now: NOW,
    basePath: "/privacy",
    ...context,
  });
}
