import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactValue } from "./redact-value.ts";
import { scanValue } from "./scan-value.ts";
import {
  bankCards,
  emails,
  farText,
  mobiles,
  oldResidentIds,
  residentIds,
} from "./sensitive-data.fixture.ts";

const ID = "11010519491231002X";
const UNREAD = "[unread]";

const fields = fc.oneof(
  fc.record({ diagnosis: fc.constantFrom("flu", "2型糖尿病", ["flu"], { code: "J10" }) }),
  fc.record({ religion: fc.constantFrom("佛教", "none of yours") }),
  fc.record({ password: fc.constantFrom("hunter2x", "p@ss word 1") }),
  fc.record({ 姓名: fc.constantFrom("张三", "王小四"), 身份证号: residentIds }),
  fc.record({ phone: fc.oneof(mobiles, mobiles.map(Number)), email: emails }),
  fc.record({ idCardNo: fc.oneof(residentIds, oldResidentIds), 银行卡号: bankCards }),
  fc.record({
    latitude: fc.constantFrom(31.23041, "31.23041"),
    birthday: fc.constantFrom("2019-02-03"),
  }),
);
const leaf = fc.oneof(
  residentIds,
  residentIds.filter((id) => !id.endsWith("X")).map(BigInt),
  bankCards,
  bankCards.filter((card) => card.length === 16).map(Number),
  mobiles,
  emails,
  fields,
  fields.map((value) => JSON.stringify(value)),
  residentIds.map((id) => new Error(`no ${id}`, { cause: { id } })),
  farText,
  fc.constantFrom(null, undefined, true, 1, ""),
);
const structures: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "list", "note", "收货", "x1"), tie("value"), { maxKeys: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom("a", "b"), mobiles, residentIds), tie("value")), {
        maxLength: 3,
      })
      .map((all) => new Map(all)),
    fc.array(leaf, { maxLength: 3 }).map((all) => new Set(all)),
    tie("value").map((cause) => new Error("failed", { cause })),
    tie("value").map((json) => ({ toJSON: () => json })),
  ),
})).value;

describe("redactValue", () => {
  it("TC-D6.2a: leaves nothing to be found in whatever structure", () => {
    fc.assert(
      fc.property(structures, (value) => {
        expect(scanValue(redactValue(value))).toEqual({ finished: true, findings: [] });
      }),
      { numRuns: 500 },
    );
  });

  it("leaves alone what holds nothing, and does not change what it was given", () => {
    fc.assert(
      fc.property(structures, (value) => {
        const before = JSON.stringify(value, (_key, inner: unknown) =>
          typeof inner === "bigint" ? String(inner) : inner,
        );
        redactValue(value);
        expect(
          JSON.stringify(value, (_key, inner: unknown) =>
            typeof inner === "bigint" ? String(inner) : inner,
          ),
        ).toBe(before);
      }),
      { numRuns: 100 },
    );
    const plain = {
      a: [1, "b", null, undefined, true],
      at: new Date(0),
      price: 19.9,
      orderNo: "20261124103015000123456",
      diagnosis: [],
      idCard: {},
      faceImage: "",
    };
    expect(redactValue(plain)).toEqual(plain);
  });

  it.each<[string, unknown, unknown]>([
    ["a text", `号 ${ID}`, "号 1****************X"],
    ["members", { a: [{ b: ID }] }, { a: [{ b: "1****************X" }] }],
    ["the name of a member", { [ID]: 1 }, { "1****************X": 1 }],
    [
      "a member by its name",
      { diagnosis: "flu", 姓名: "张三", name: "x" },
      { diagnosis: "***", 姓名: "*三", name: "x" },
    ],
    ["a structure by its name", { diagnosis: { code: "J10" } }, { diagnosis: "***" }],
    ["a number", { a: 4111111111111111 }, { a: "************1111" }],
    ["a bigint", 110105194912310021n, 110105194912310021n],
    ["a bigint that is an ID", 110105199001010031n + 7n, expect.anything()],
    ["a Map", new Map([["religion", "x y"]]), new Map([["religion", "***"]])],
    ["a Map by keys that are no text", new Map([[1, ID]]), new Map([[1, "1****************X"]])],
    ["a Set", new Set([ID]), new Set(["1****************X"])],
    ["JSON in a text", `{"a":"${ID}"}`, '{"a":"1****************X"}'],
    ["what toJSON gives", { toJSON: () => ({ a: ID }) }, { a: "1****************X" }],
    ["bytes", new TextEncoder().encode(ID), UNREAD],
    ["a buffer", new ArrayBuffer(8), UNREAD],
    ["a text past the limit", "x".repeat(4_000_001), UNREAD],
    [
      "a name that an object has by nature",
      JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
      JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
    ],
    [
      "what is empty",
      { diagnosis: "", religion: null, password: undefined, face: false },
      { diagnosis: "", religion: null, password: undefined, face: false },
    ],
    ["a birthday as a date", { birthday: new Date("2020-02-01") }, { birthday: "***" }],
  ])("masks %s", (_name, value, masked) => {
    expect(redactValue(value)).toEqual(masked);
  });

  it("masks an error with its message, stack and cause, and keeps it an error", () => {
    class OrderError extends Error {
      override name = "OrderError";
      readonly id = ID;
    }
    const error = new OrderError(`no ${ID}`, { cause: new TypeError(ID) });
    const masked = redactValue(error);
    expect(masked).toBeInstanceOf(OrderError);
    expect([masked.name, masked.message, masked.id]).toEqual([
      "OrderError",
      "no 1****************X",
      "1****************X",
    ]);
    expect((masked.cause as Error).message).toBe("1****************X");
    expect(`${masked.stack}${(masked.cause as Error).stack}`).not.toContain(ID);
    expect(error.message).toContain(ID);
  });

  it("does not follow a cycle, go too deep or stop at what cannot be read", () => {
    const cyclic: { self?: unknown; id: string } = { id: ID };
    cyclic.self = cyclic;
    expect(redactValue(cyclic)).toEqual({ id: "1****************X", self: UNREAD });
    const twice = { a: 1 };
    expect(redactValue([twice, twice])).toEqual([twice, twice]);
    const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], ID);
    expect(JSON.stringify(redactValue(deep))).toBe(`${"[".repeat(33)}"${UNREAD}"${"]".repeat(33)}`);
    const failing = {
      get a(): string {
        throw new Error("no");
      },
    };
    expect(redactValue([failing, ID])).toEqual([UNREAD, "1****************X"]);
  });

  it("a boxed text is a text, not its characters one by one", () => {
    expect(JSON.stringify(redactValue({ a: Object(ID) as unknown }))).toBe(
      '{"a":"1****************X"}',
    );
  });

  it("goes through all errors of an AggregateError", () => {
    const error = new AggregateError([new Error(ID)], "all failed");
    expect(scanValue(error).findings).not.toEqual([]);
    expect((redactValue(error).errors[0] as Error).message).toBe("1****************X");
  });

  it("keeps members apart whose names look alike when masked", () => {
    const value = { "13912345678": "a", "13987654378": "b" };
    expect(Object.values(redactValue(value)).toSorted()).toEqual(["a", "b"]);
  });

  it("minds the profile and the clock", () => {
    expect(redactValue({ id: ID }, { profile: "cn-current" })).toEqual({ id: ID });
    const born = { birthday: "2013-05-01" };
    expect(redactValue(born)).toEqual({ birthday: "**********" });
    expect(redactValue(born, { now: Date.parse("2030-01-01") })).toEqual(born);
  });
});

describe("scanValue", () => {
  it("TC-D6.2a: tells of everything in whatever structure, and repeats none of it", () => {
    const key = fc.oneof(
      residentIds,
      mobiles,
      bankCards,
      emails,
      fc.constantFrom("zhangsan", "diagnosis", "张三"),
    );
    fc.assert(
      fc.property(key, residentIds, structures, (name, id, rest) => {
        for (const value of [
          { [name]: [id, rest] },
          new Map([[name, { [id]: rest }]]),
          JSON.stringify({ [name]: { a: id } }),
        ]) {
          const { findings } = scanValue(value);
          expect(findings).not.toEqual([]);
          const told = JSON.stringify(findings);
          for (const secret of [id, ...(name === "diagnosis" ? [] : [name])])
            expect(told).not.toContain(secret);
        }
      }),
      { numRuns: 200 },
    );
  });
});
