import { describe, expect, it } from "vitest";
import { consentEvent as event } from "./consent-event.fixture.ts";
import { deliveryRecord, NOW, servedNotice } from "./consent-record.fixture.ts";
import { parseConsentRecord } from "./parse-consent-record.ts";

const given = event({ notice: servedNotice });
const offers = event({ purpose: "offers" });
const withdrawn = event({ status: "withdrawn" });
const ids = (record: { readonly events: readonly { readonly decisionId: string }[] }) =>
  record.events.map(({ decisionId }) => decisionId);

describe("consentRecord", () => {
  it("TC-D6.4b, WX-4.4.1c: keeps and shows every decision about the purpose, denials included, and no other", () => {
    const record = deliveryRecord([given, offers, withdrawn]);
    expect(ids(record)).toEqual([given.decisionId, withdrawn.decisionId]);
    expect(record.status).toBe("withdrawn");
    expect(() => deliveryRecord([offers])).toThrow(RangeError);
  });

  it("WX-4.4.1c: says what was told, what was done on which screen, and what it stands at", () => {
    expect(deliveryRecord()).toMatchObject({
      type: "consent-record",
      subjectRef: "ref",
      subjectAgeBand: "unknown",
      notice: servedNotice,
      noticePath: "/privacy/notice?language=zh-CN&purposes=delivery",
      purpose: { id: "delivery", digest: "0".repeat(64) },
      recipients: [{ id: "courier", country: "CN" }],
      retention: { days: 180, from: "order-closed", then: "erase" },
      weixin: { appId: "wx0", privacyKeys: ["PhoneNumber"] },
      status: "given",
      validity: { from: given.recordedAt },
      evidence: { surface: "element", action: "given", actionAt: given.claimedAt },
      withdrawal: { method: "api", path: "/privacy/consents/delivery" },
    });
    expect(deliveryRecord().rights).toHaveLength(5);
  });

  it("stands where consentStatus says: invalid for a changed purpose, expired past its end", () => {
    expect(deliveryRecord([given], { standing: [] }).status).toBe("invalidated");
    const until = new Date(NOW).toISOString();
    const ended = deliveryRecord([event({ validUntil: until })]);
    expect([ended.status, ended.validity.until]).toEqual(["expired", until]);
  });

  it("is decided by the event that counts, not by the last one that came", () => {
    const denial = event({ status: "refused", device: "a", counter: 2 });
    const late = event({ device: "a", counter: 1, notice: servedNotice });
    const record = deliveryRecord([denial, late]);
    expect(record.status).toBe("refused");
    expect(record.evidence.decisionId).toBe(denial.decisionId);
    expect(record).not.toHaveProperty("notice");
    expect(record).not.toHaveProperty("noticePath");
  });

  it("PIPL-14: tells which decision was about changed terms", () => {
    const renewed = event({ status: "renewed", purposeDigest: "1".repeat(64) });
    const { events } = deliveryRecord([given, given, renewed, renewed]);
    expect(events.map(({ changeReason }) => changeReason)).toEqual([
      undefined,
      undefined,
      "terms-changed",
      undefined,
    ]);
  });

  it("PIPL-31: names the guardian's part, and who decided each time", () => {
    const guardian = { relation: "parent", verification: "message" } as const;
    const record = deliveryRecord([
      event({ status: "requested" }),
      event({ ageBand: "under-14", guardian }),
      event({ status: "withdrawn" }),
      event({ status: "revoked", ageBand: "under-14", guardian }),
    ]);
    expect(record.events.map(({ entity }) => entity)).toEqual([
      "controller",
      "guardian",
      "subject",
      "controller",
    ]);
    expect([record.subjectAgeBand, record.guardian]).toEqual(["under-14", guardian]);
  });

  it("REG-22: says when it was refused and until when nobody asks again", () => {
    const refused = event({ status: "refused", signal: "gpc" });
    const record = deliveryRecord([refused], { coolDownMs: 86_400_000 });
    expect(record.lastRefusedAt).toBe(refused.recordedAt);
    expect(record.reaskNotBefore).toBe("2026-11-25T08:00:00.000Z");
    expect(deliveryRecord([refused]).reaskNotBefore).toBeUndefined();
    expect(deliveryRecord([refused, given], { coolDownMs: 1 }).reaskNotBefore).toBeUndefined();
  });

  it("carries the evidence of a legacy consent and the device's records it goes on from", () => {
    const legacy = event({
      status: "legacy",
      evidence: "form of 2024",
      validUntil: "2028-01-01T00:00:00.000Z",
    });
    expect(deliveryRecord([legacy]).evidence.legacy).toBe("form of 2024");
    const linked = event({ origin: { recordId: "device-record" } });
    expect(deliveryRecord([linked, linked]).supersedes).toEqual(["device-record"]);
  });

  it("reads back", () => {
    const written = { documentDigest: "c".repeat(64), method: "handwritten" } as const;
    const changed = event({ status: "refused", purposeDigest: "1".repeat(64) });
    const events = [given, event({ written, ageBand: "adult" }), changed];
    const record = deliveryRecord(events, { coolDownMs: 1 });
    expect(parseConsentRecord(structuredClone(record))).toEqual(record);
  });

  it.each([
    ["another version", { schemaVersion: "2" }],
    ["an unknown member", { phone: "13912345678" }],
    ["no event", { events: [] }],
    ["a status that is none", { status: "granted" }],
  ])("parseConsentRecord refuses %s", (_, change) => {
    expect(() => parseConsentRecord({ ...deliveryRecord(), ...change })).toThrow(
      expect.objectContaining({ code: "ERR_INPUT_INVALID" }),
    );
  });
});
