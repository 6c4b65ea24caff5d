import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import {
  anchor,
  group,
  list,
  personal,
  personalRecord,
  plain,
  subject,
  tenant,
} from "../policy/personal-record.ts";
import { soundPolicy, withPurpose } from "../policy/policy.fixture.ts";
import { consent, facts, NOW } from "./access-facts.fixture.ts";
import type { AccessFacts } from "./access-facts.ts";
import { purposeView } from "./purpose-view.ts";

const order = personalRecord(soundPolicy, "order", {
  id: plain(z.string()),
  memberId: subject(z.string()),
  phone: personal("phone", z.string()),
  allergy: personal("allergy", z.array(z.string())),
  contact: group({
    mobile: personal("phone", z.string()),
    diet: group({ note: personal("allergy", z.string()) }),
  }),
  items: list({ sku: plain(z.string()), note: personal("allergy", z.string()) }),
  meta: plain(z.unknown()),
  closedAt: anchor("order-closed", z.nullable(z.string())),
});
const row = {
  id: "1",
  memberId: "lin",
  phone: "139",
  allergy: ["nuts"],
  contact: { mobile: "138", diet: { note: "no nuts" } },
  items: [{ sku: "a", note: "no nuts" }],
  meta: { tags: ["x"] },
  closedAt: null,
};
const read = (purpose: string, input: object = row, known: AccessFacts = facts()): unknown =>
  purposeView(order, purpose).read(input as never, known, NOW);

describe("purposeView", () => {
  it("WX-4.4.4a: gives a purpose its own fields, in groups and lists too", () => {
    expect(read("delivery")).toEqual({
      permitted: true,
      value: {
        id: "1",
        memberId: "lin",
        phone: "139",
        contact: { mobile: "138" },
        items: [{ sku: "a" }],
        meta: { tags: ["x"] },
        closedAt: null,
      },
    });
    expect(read("kitchen")).toEqual({
      permitted: true,
      value: {
        id: "1",
        memberId: "lin",
        allergy: ["nuts"],
        contact: { diet: { note: "no nuts" } },
        items: [{ sku: "a", note: "no nuts" }],
        meta: { tags: ["x"] },
        closedAt: null,
      },
    });
  });

  it("names the columns to select, so that the others stay in the database", () => {
    expect(purposeView(order, "delivery").columns).toEqual([
      "id",
      "memberId",
      "phone",
      "contact",
      "items",
      "meta",
      "closedAt",
    ]);
  });

  it("never runs the getter of a field it may not see", () => {
    const trapped = {
      ...row,
      get allergy(): string[] {
        throw new Error("read");
      },
    };
    expect(read("delivery", trapped)).toMatchObject({ permitted: true });
  });

  it("lets nothing pass that the data map does not name", () => {
    const extra = Object.assign(
      Object.create({ phone: "inherited" }) as object,
      { ...row, card: "6222" },
      { [Symbol("s")]: 1 },
    );
    const result = read("delivery", extra) as { value: object };
    expect(Reflect.ownKeys(result.value)).not.toContain("card");
    expect(Object.getOwnPropertySymbols(result.value)).toEqual([]);
    const inherited = Object.assign(Object.create({ phone: "inherited" }) as object, {
      id: "1",
      memberId: "lin",
    });
    expect((read("delivery", inherited) as { value: object }).value).not.toHaveProperty("phone");
  });

  it("cannot be made to change a prototype", () => {
    const hostile = JSON.parse(
      '{"id":"1","memberId":"lin","meta":{"__proto__":{"polluted":1}}}',
    ) as object;
    const result = read("delivery", hostile) as { value: { meta: object } };
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((result.value.meta as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(result.value.meta)).toBe(Object.prototype);
  });

  it("hands out copies: changing one changes nothing else", () => {
    const result = read("delivery") as { value: { meta: { tags: string[] } } };
    result.value.meta.tags.push("y");
    expect(row.meta.tags).toEqual(["x"]);
    const at = new Date(0);
    const bytes = new Uint8Array([1]);
    const { meta } = (
      read("delivery", { ...row, meta: { at, bytes } }) as { value: { meta: object } }
    ).value as { meta: { at: Date; bytes: Uint8Array } };
    meta.at.setTime(1);
    meta.bytes[0] = 2;
    expect([at.getTime(), bytes[0]]).toEqual([0, 1]);
  });

  it("ends at cycles, and drops what has behaviour of its own", () => {
    const cyclic: { self?: object } = {};
    cyclic.self = cyclic;
    expect(() => read("delivery", { ...row, meta: cyclic })).not.toThrow();
    const shared = Array.from({ length: 60 }).reduce<object>(
      (inner) => ({ a: inner, b: inner }),
      {},
    );
    expect(read("delivery", { ...row, meta: shared })).toMatchObject({ permitted: true });
    expect(read("delivery", { ...row, meta: { run: () => 1, map: new Map() } })).toMatchObject({
      value: { meta: { run: undefined, map: undefined } },
    });
  });

  it.each<[string, object]>([
    ["somebody else", { ...row, memberId: "wang" }],
    ["nobody", { ...row, memberId: undefined }],
    [
      "the subject by inheritance only",
      Object.assign(Object.create({ memberId: "lin" }), { id: "1" }),
    ],
    ["an object that reads like the subject", { ...row, memberId: { toString: () => "lin" } }],
  ])("WX-4.4.4b: denies a row that names %s", (_who, input) => {
    expect(read("delivery", input)).toEqual({
      permitted: false,
      reason: "subject-mismatch",
      obligations: ["WX-4.4.4b"],
    });
  });

  it("WX-4.4.3: reads nothing of the row without consent", () => {
    const untouchable = new Proxy(row, {
      get: () => expect.unreachable(),
      getOwnPropertyDescriptor: () => expect.unreachable(),
      ownKeys: () => expect.unreachable(),
    });
    expect(read("delivery", untouchable, facts({}, "refused"))).toEqual({
      permitted: false,
      reason: "consent-refused",
      obligations: ["WX-4.4.3", "PIPL-14"],
    });
  });

  it("gives a purpose the policy does not have nothing, plain fields neither", () => {
    for (const purpose of ["other", "toString", "__proto__"]) {
      const view = purposeView(order, purpose);
      expect(view.categories).toEqual([]);
      expect(view.read(row as never, facts(), NOW)).toMatchObject({ reason: "purpose-unknown" });
    }
  });

  it("WX-4.4.4a: lets no value of another category out, wherever a row holds it", () => {
    const phone = fc.stringMatching(/^phone-\d{4}$/);
    const allergy = fc.stringMatching(/^allergy-\d{4}$/);
    const rows = fc.record(
      {
        id: fc.string(),
        memberId: fc.constant("lin"),
        phone,
        allergy: fc.array(allergy),
        contact: fc.oneof(
          allergy,
          fc.array(allergy),
          fc.record({
            mobile: phone,
            note: allergy,
            diet: fc.record({ note: allergy, more: allergy }),
          }),
        ),
        items: fc.oneof(
          allergy,
          fc.record({ sku: allergy }),
          fc.array(
            fc.oneof(allergy, fc.record({ sku: fc.string(), note: allergy, more: allergy })),
          ),
        ),
        more: allergy,
      },
      { requiredKeys: ["memberId"] },
    );
    fc.assert(
      fc.property(rows, (input) => {
        const delivery = read("delivery", input);
        expect(delivery).toMatchObject({ permitted: true });
        expect(JSON.stringify(delivery)).not.toContain("allergy-");
        expect(JSON.stringify(read("kitchen", input))).not.toContain("phone-");
      }),
    );
  });

  it("PIPL-19: denies a row from the moment its retention is over", () => {
    const closed = (ms: number): object => ({ ...row, closedAt: new Date(ms).toISOString() });
    expect(read("delivery", closed(NOW - 180 * 86_400_000 + 1))).toMatchObject({ permitted: true });
    expect(read("delivery", closed(NOW - 180 * 86_400_000))).toMatchObject({
      permitted: false,
      reason: "retention-over",
      obligations: ["PIPL-19"],
    });
    expect(read("delivery", { ...row, closedAt: new Date(NOW - 180 * 86_400_000) })).toMatchObject({
      reason: "retention-over",
    });
    expect(read("kitchen", closed(NOW - 30 * 86_400_000))).toMatchObject({
      reason: "retention-over",
    });
  });

  it.each(["not a date", new Date(Number.NaN), { at: 1 }])(
    "PIPL-19: denies a row whose start of retention cannot be read: %j",
    (closedAt) => {
      expect(read("delivery", { ...row, closedAt })).toMatchObject({ reason: "retention-over" });
    },
  );

  it("PIPL-19: counts from the consent where the policy says so", () => {
    const policy = withPurpose("delivery", {
      retention: { days: 30, from: "consent-given", then: "erase" },
    });
    const view = purposeView(personalRecord(policy, "order", order.fields), "delivery");
    const since = (at: number): AccessFacts =>
      facts({ records: [consent("delivery", "given", { from: new Date(at).toISOString() })] });
    const month = 30 * 86_400_000;
    expect(view.read(row as never, since(NOW - month + 1), NOW)).toMatchObject({ permitted: true });
    expect(view.read(row as never, since(NOW - month), NOW)).toMatchObject({
      reason: "retention-over",
    });
  });

  it("PIPL-19: the subject's latest moment counts, whichever row tells it", () => {
    const old = { ...row, closedAt: new Date(NOW - 200 * 86_400_000).toISOString() };
    const anchors = { "order-closed": new Date(NOW - 86_400_000).toISOString() };
    expect(read("delivery", old)).toMatchObject({ reason: "retention-over" });
    expect(read("delivery", old, facts({ anchors }))).toMatchObject({ permitted: true });
    const long = { "order-closed": new Date(NOW - 300 * 86_400_000).toISOString() };
    expect(read("delivery", row, facts({ anchors: long }))).toMatchObject({ permitted: true });
  });

  it("reads many rows in their order, each on its own", () => {
    const view = purposeView(order, "delivery");
    const rows = [row, { ...row, memberId: "wang" }, { ...row, id: "3" }];
    expect(view.readMany(rows as never, facts(), NOW)).toMatchObject([
      { value: { id: "1" } },
      { reason: "subject-mismatch" },
      { value: { id: "3" } },
    ]);
  });

  it("WC-3.8b: denies the row of another tenant", () => {
    const tenanted = personalRecord(soundPolicy, "order", {
      ...order.fields,
      corp: tenant(z.string()),
    });
    const view = purposeView(tenanted, "delivery");
    const of = (corp: unknown) => view.read({ ...row, corp } as never, facts({ tenant: "a" }), NOW);
    expect(of("a")).toMatchObject({ permitted: true, value: { corp: "a" } });
    for (const corp of ["b", undefined, { toString: () => "a" }])
      expect(of(corp)).toMatchObject({ reason: "tenant-mismatch" });
  });

  it("WX-4.4.4b: opens no row where the facts name no subject", () => {
    const { subjectId: _none, ...nobody } = facts();
    expect(read("delivery", { id: "1" }, nobody as AccessFacts)).toMatchObject({
      reason: "subject-mismatch",
    });
  });

  it("WX-4.6: a field that says it was filled elsewhere is bound by that, not by its category", () => {
    const policy = withPurpose("delivery", { use: "marketing" });
    const viewOf = (collectedIn?: "elsewhere") =>
      purposeView(
        personalRecord(policy, "order", {
          memberId: subject(z.string()),
          phone: personal("phone", z.string(), collectedIn && { collectedIn }),
        }),
        "delivery",
      );
    expect(viewOf().read(row, facts(), NOW)).toMatchObject({
      reason: "platform-authorization-missing",
    });
    expect(viewOf("elsewhere").read(row, facts(), NOW)).toMatchObject({ permitted: true });
  });

  it("copies huge and deep values without failing", () => {
    const huge = Array.from({ length: 100_000 }, (_, i) => ({ i }));
    const deep = Array.from({ length: 100_000 }).reduce<object>((inner) => ({ inner }), {});
    const result = read("delivery", { ...row, meta: { huge, deep } }) as {
      value: { meta: { huge: unknown[] } };
    };
    expect(result.value.meta.huge).toHaveLength(100_000);
    expect(result.value.meta.huge[99_999]).toEqual({ i: 99_999 });
  });

  it("asks a proxy for its own visible fields only", () => {
    const asked: PropertyKey[] = [];
    const watched = new Proxy(row, {
      get: (target, name) => (asked.push(name), Reflect.get(target, name) as unknown),
    });
    expect(read("delivery", watched)).toMatchObject({ permitted: true });
    expect(asked).not.toContain("allergy");
    expect(asked).toContain("phone");
  });
});

describe("accept", () => {
  const accept = (input: unknown, policy = soundPolicy, purpose = "delivery") =>
    purposeView(personalRecord(policy, "order", order.fields), purpose).accept(input);

  it("WX-4.4.4a, WX-4.5a: takes what the purpose may collect and leaves the rest unread", () => {
    const input = {
      id: "1",
      memberId: "somebody else",
      closedAt: "2020-01-01T00:00:00Z",
      phone: "139",
      contact: { mobile: "138", diet: { note: "no nuts" } },
      items: [{ sku: "a", note: "no nuts" }],
      more: "x",
      get allergy(): string[] {
        throw new Error("read");
      },
    };
    expect(accept(input)).toEqual({
      accepted: true,
      value: { id: "1", phone: "139", contact: { mobile: "138" }, items: [{ sku: "a" }] },
    });
  });

  it("tells what is wrong by paths of the data map, never by what was sent", () => {
    const result = accept({ phone: 139_000, contact: "138", items: [{ sku: 1 }, "x"], id: "1" });
    expect(result).toEqual({
      accepted: false,
      issues: [
        { code: "invalid", schemaPath: "phone" },
        { code: "invalid_type", schemaPath: "contact" },
        { code: "invalid", schemaPath: "items.*.sku" },
        { code: "invalid_type", schemaPath: "items.*" },
      ],
    });
    expect(JSON.stringify(result)).not.toContain("139");
    for (const input of [null, undefined, "x", [], 1])
      expect(accept(input)).toMatchObject({ accepted: false });
    expect(accept({ items: {} })).toMatchObject({ accepted: false });
  });

  it("WX-4.4.4a: takes nothing personal for a purpose that does not collect, or that is unknown", () => {
    const policy = withPurpose("delivery", { methods: ["use"] });
    expect(accept({ id: "1", phone: "139" }, policy)).toEqual({
      accepted: true,
      value: { id: "1" },
    });
    expect(accept({ id: "1", phone: "139" }, soundPolicy, "other")).toEqual({
      accepted: true,
      value: { id: "1" },
    });
  });

  it("hands out what the schema makes of a copy", () => {
    const sent = { meta: { tags: ["x"] } };
    const result = accept(sent) as { value: { meta: { tags: string[] } } };
    result.value.meta.tags.push("y");
    expect(sent.meta.tags).toEqual(["x"]);
    const hostile = JSON.parse('{"meta":{"__proto__":{"polluted":1}}}') as object;
    accept(hostile);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("refuses a schema that answers later", () => {
    const later = {
      "~standard": { version: 1, vendor: "x", validate: async () => ({ value: 1 }) },
    };
    const record = personalRecord(soundPolicy, "order", {
      memberId: subject(z.string()),
      phone: personal("phone", later as never),
    });
    expect(() => purposeView(record, "delivery").accept({ phone: 1 })).toThrow(TypeError);
  });
});
