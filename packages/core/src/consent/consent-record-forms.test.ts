import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LocalizedText } from "../policy/policy.ts";
import { consentEvent as event } from "./consent-event.fixture.ts";
import { deliveryRecord, servedNotice } from "./consent-record.fixture.ts";
import type { ConsentRecord } from "./consent-record.ts";
import { consentRecordFromDpv } from "./consent-record-from-dpv.ts";
import { consentRecordToDpv, type DpvConsentFields } from "./consent-record-dpv.ts";
import {
  consentRecordFromKantara,
  consentRecordToKantara,
  type KantaraConsentFields,
} from "./consent-record-kantara.ts";
import { CONSENT_STATUSES, isPermitting } from "./consent-status.ts";
import { parseConsentRecord } from "./parse-consent-record.ts";

const line = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const moment = fc
  .date({ min: new Date(0), max: new Date("2099-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const status = fc.constantFrom(...CONSENT_STATUSES);
const text: fc.Arbitrary<LocalizedText> = fc
  .tuple(line, optional(line))
  .map(([zh, en]) => ({ "zh-CN": zh, ...(en !== undefined && { en }) }));
/** Leaves out what is undefined, as a record does. */
function bare<Value extends object>(value: Value) {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
const contact = fc
  .record({ email: line, phone: line, url: line, address: line }, { requiredKeys: [] })
  .filter((ways) => Object.keys(ways).length > 0);
const party = fc.record({ name: text, country: fc.constantFrom("CN", "HK", "DE"), contact });
const notice = fc
  .record({
    language: fc.constantFrom("zh-CN", "en"),
    textDigest: digest,
    servedAt: moment,
    surface: optional(fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/)),
  })
  .map(bare);

const { notice: _n, retention: _r, ...base } = deliveryRecord();
const record: fc.Arbitrary<ConsentRecord> = fc
  .record({
    recordId: id,
    subjectRef: id,
    notice: optional(notice),
    controller: party,
    jurisdiction: fc.constantFrom("CN", "DE"),
    purpose: fc.record({
      id,
      label: text,
      text,
      necessity: fc.constantFrom("necessary", "optional"),
      use: fc.constantFrom("service", "marketing", "sharing", "transfer", "outside-program"),
      digest,
    }),
    legalBasis: fc.constantFrom("consent", "contract", "legal-duty", "entrusted"),
    consentKind: fc.constantFrom("explicit", "separate", "written", "guardian"),
    dataCategories: fc.array(fc.record({ id, label: text, sensitive: optional(id) }).map(bare), {
      maxLength: 4,
    }),
    processingMethods: fc.subarray([
      "collect",
      "store",
      "use",
      "transmit",
      "provide",
      "publish",
      "erase",
    ]),
    storageLocations: fc.subarray(["CN", "SG", "DE"]),
    recipients: fc.array(
      fc
        .tuple(
          party,
          fc.record({
            id,
            role: fc.constantFrom("processor", "controller"),
            categories: optional(fc.array(id, { maxLength: 2 })),
          }),
        )
        .map(([who, rest]) => bare({ ...who, ...rest })),
      { maxLength: 3 },
    ),
    retention: optional(
      fc.record({
        days: fc.integer({ min: 1, max: 36_500 }),
        from: id,
        then: fc.constantFrom("erase", "anonymize"),
      }),
    ),
    status,
    validity: fc.record({ from: moment, until: optional(moment) }).map(bare),
    events: fc.array(
      fc
        .record({
          decisionId: id,
          status,
          recordedAt: moment,
          claimedAt: moment,
          entity: fc.constantFrom("subject", "guardian", "controller"),
          policyVersion: line,
          purposeDigest: digest,
          notice: optional(notice),
          validUntil: optional(moment),
        })
        .map(bare),
      { minLength: 1, maxLength: 4 },
    ),
    withdrawal: fc.record({ method: fc.constant("api"), path: line }),
    rights: fc.array(
      fc.record({ right: fc.constantFrom("access", "copy", "withdraw"), path: line }),
      { maxLength: 3 },
    ),
  })
  .map((change) => parseConsentRecord({ ...base, ...bare(change) }));

function dpvFields(whole: ConsentRecord): DpvConsentFields {
  const { digest: _, ...purpose } = whole.purpose;
  const { recordId, subjectRef, controller, jurisdiction, legalBasis, consentKind } = whole;
  const { dataCategories, processingMethods, storageLocations, recipients } = whole;
  const { retention, notice, validity, withdrawal, rights } = whole;
  return bare({
    recordId,
    subjectRef,
    controller,
    jurisdiction,
    purpose,
    legalBasis,
    consentKind,
    dataCategories,
    processingMethods,
    storageLocations,
    recipients,
    retention,
    notice,
    status: whole.status,
    validity,
    withdrawal,
    rights,
    events: whole.events.map(
      ({ claimedAt: _c, policyVersion: _p, purposeDigest: _d, signal: _s, ...rest }) => rest,
    ),
  }) as unknown as DpvConsentFields;
}

function kantaraFields(whole: ConsentRecord): KantaraConsentFields {
  const { notice, controller, purpose, recipients, status } = whole;
  const said = (each: LocalizedText): string => each[notice?.language ?? "zh-CN"] ?? each["zh-CN"]!;
  const permits = isPermitting(status);
  return bare({
    recordId: whole.recordId,
    subjectRef: whole.subjectRef,
    jurisdiction: whole.jurisdiction,
    decidedAt: whole.validity.from.replace(/\.\d{3}Z$/, ".000Z"),
    language: notice?.language,
    surface: notice?.surface,
    controller: {
      name: said(controller.name),
      country: controller.country,
      contact: controller.contact,
    },
    purpose: {
      label: said(purpose.label),
      text: said(purpose.text),
      necessity: purpose.necessity,
      use: purpose.use,
    },
    consentKind: permits && whole.legalBasis === "consent" ? whole.consentKind : undefined,
    dataCategories: whole.dataCategories.map((category) => category.id),
    sensitive: [...new Set(whole.dataCategories.flatMap(({ sensitive }) => sensitive ?? []))],
    recipientNames:
      recipients.length > 0 ? recipients.map(({ name }) => said(name)).join("; ") : undefined,
    retention: permits ? whole.retention : undefined,
  }) as unknown as KantaraConsentFields;
}

const overTheWire = (json: unknown): unknown => JSON.parse(JSON.stringify(json));
const refused = expect.objectContaining({ code: "ERR_INPUT_INVALID" });

describe("a record in the DPV form", () => {
  it("reads back whole, for the fields both have", () => {
    fc.assert(
      fc.property(record, (whole) => {
        const json = overTheWire(consentRecordToDpv(whole));
        expect(consentRecordFromDpv(json)).toEqual(dpvFields(whole));
      }),
    );
  });

  it("is the profile's shape: one process, every event with time, entity and duration", () => {
    const json = consentRecordToDpv(
      deliveryRecord([event({ notice: servedNotice }), event({ status: "withdrawn" })]),
    );
    expect(json).toMatchObject({
      "@type": "dpv:ConsentRecord",
      "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#record",
      "dct:identifier": "record-delivery",
      "dpv:hasJurisdiction": "loc:CN",
      "dpv:hasProcess": {
        "dpv:hasLegalBasis": ["dpv:ExplicitlyExpressedConsent", "cn-pipl:ExplicitConsent"],
        "dpv:hasProcessing": ["dpv:Collect", "dpv:Store", "dpv:Use", "dpv:Transmit"],
      },
      "dpv:hasStatus": { "@type": "dpv:ConsentWithdrawn" },
      "dpv:hasConsentStatus": [
        {
          "@type": "dpv:ConsentGiven",
          "dpv:isIndicatedAtTime": "2026-11-24T08:00:00.000Z",
          "dpv:isIndicatedBy": "dpv:DataSubject",
          "dpv:hasDuration": { "@type": "dpv:EndlessDuration" },
        },
        { "@type": "dpv:ConsentWithdrawn" },
      ],
    });
    const prefixes = Object.keys(json["@context"] as object);
    for (const [, prefix] of JSON.stringify(json).matchAll(/"([a-z-]+):[A-Za-z0-9]+"/g))
      expect(prefixes).toContain(prefix);
  });

  it.each<[string, object]>([
    ["another type", { "@type": "dpv:ConsentReceipt" }],
    ["another profile", { "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#receipt" }],
    ["no event", { "dpv:hasConsentStatus": [] }],
    ["a state that is none", { "dpv:hasStatus": { "@type": "dpv:ConsentMaybe" } }],
    ["a place that is none", { "dpv:hasJurisdiction": "CN" }],
  ])("refuses %s", (_, change) => {
    const json = { ...consentRecordToDpv(deliveryRecord()), ...change };
    expect(() => consentRecordFromDpv(json)).toThrow(refused);
  });

  it("refuses a record that lacks any member, with our error", () => {
    const json = consentRecordToDpv(deliveryRecord());
    const needless = ["@context", "@id", "dpv:hasNotice"];
    for (const name of Object.keys(json).filter((each) => !needless.includes(each))) {
      const { [name]: _, ...rest } = json;
      expect(() => consentRecordFromDpv(rest)).toThrow(refused);
    }
    expect(() => consentRecordFromDpv("")).toThrow(refused);
  });
});

describe("a record in the Kantara form", () => {
  it("reads back whole, for the fields both have", () => {
    fc.assert(
      fc.property(record, (whole) => {
        const json = overTheWire(consentRecordToKantara(whole));
        expect(consentRecordFromKantara(json)).toEqual(kantaraFields(whole));
      }),
    );
  });

  it("has every member that version 1.1 requires", () => {
    expect(consentRecordToKantara(deliveryRecord())).toEqual({
      version: "KI-CR-v1.1.0",
      jurisdiction: "CN",
      consentTimestamp: Date.UTC(2026, 10, 24, 8) / 1000,
      collectionMethod: "element",
      consentReceiptID: "record-delivery",
      language: "zh-CN",
      piiPrincipalId: "ref",
      piiControllers: [
        {
          piiController: "中文Sound Shop",
          contact: "中文Sound Shop",
          address: { addressCountry: "CN" },
          email: "privacy@shop.example",
          phone: "",
        },
      ],
      policyUrl: "",
      services: [
        {
          service: "中文Delivery",
          purposes: [
            {
              purpose: "中文To deliver the order",
              purposeCategory: ["service"],
              consentType: "EXPLICIT",
              piiCategory: ["phone"],
              primaryPurpose: true,
              termination: "P180D from order-closed, then erase",
              thirdPartyDisclosure: true,
              thirdPartyName: "中文Courier",
            },
          ],
        },
      ],
      sensitive: false,
      spiCat: [],
    });
  });

  it("states no consent where none permits", () => {
    const json = JSON.stringify(
      consentRecordToKantara(deliveryRecord([event(), event({ status: "withdrawn" })])),
    );
    expect(json).not.toContain("EXPLICIT");
    expect(json).toContain("withdrawn since 2026-11-24T08:00:00.000Z");
  });

  it.each<[string, object]>([
    ["another version", { version: "KI-CR-v1.0" }],
    ["a moment that is none", { consentTimestamp: 1.5 }],
    ["a moment past all calendars", { consentTimestamp: 1e15 }],
    ["no controller", { piiControllers: [] }],
    ["no service", { services: [] }],
  ])("refuses %s", (_, change) => {
    const json = { ...consentRecordToKantara(deliveryRecord()), ...change };
    expect(() => consentRecordFromKantara(json)).toThrow(refused);
  });

  it("reads what others write: their categories and ways of collecting are passed over", () => {
    const json = consentRecordToKantara(deliveryRecord());
    const [service] = json["services"] as [{ purposes: [object] }];
    const foreign = {
      ...json,
      collectionMethod: "Web form",
      services: [
        {
          ...service,
          purposes: [
            {
              ...service.purposes[0],
              purposeCategory: ["2 - Contracted Service"],
              consentType: "N/A",
              termination: "Subscription end date + 1 year",
              thirdPartyDisclosure: false,
            },
          ],
        },
      ],
    };
    const fields = consentRecordFromKantara(foreign);
    expect(fields.purpose.use).toBeUndefined();
    expect([fields.surface, fields.consentKind, fields.retention, fields.recipientNames]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });
});
