import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "./finding.ts";
import { createGuard } from "./guard.ts";
import { scanValue } from "./scan-value.ts";
import { SENSITIVE_CATEGORY_LABELS } from "./sensitive-category-label.ts";
import { DATA_CATEGORIES, type DataCategoryId, sensitiveCategories } from "./sensitive-category.ts";
import { residentIds } from "./sensitive-data.fixture.ts";
import { categoryAction } from "./sensitive-profile.ts";

const ID = "11010519491231002X";
const paths = (value: unknown): readonly string[] =>
  scanValue(value).findings.map(({ path }) => path);

describe("scanValue", () => {
  it("finds ids anywhere in a structure and names the place", () => {
    expect(paths({ a: [{ b: ID }, ID], n: 110105194912310021n })).toEqual(["$.*[0].*", "$.*[1]"]);
    expect(paths(new Map([["x", ID]]))).toEqual(["$.*"]);
    expect(paths(JSON.stringify({ deep: JSON.stringify([ID]) }))).toEqual(["$.*[0]"]);
    expect(paths({ [ID]: 1 })).toEqual(["$"]);
  });

  it.each<[string, unknown, string]>([
    ["a name that JSON.parse would drop", `{"note":"${ID}","note":"x"}`, "$"],
    ["a number that JSON.parse would round", '{"n":110105194912310003}', "$.*"],
    ["JSON after a byte order mark", `\ufeff{"a":"${ID}"}`, "$.*"],
    ["lines of JSON", `{"a":1}\n{"b":"${ID}"}`, "$"],
    ["escapes", `{"a":"\\u0031${ID.slice(1)}"}`, "$.*"],
    ["a line break before a card", JSON.stringify({ a: "\n4111111111111111" }), "$.*"],
    ["an escaped name", String.raw`{"\u0072eligion":"x"}`, "$.religion"],
    ["JSON in JSON", JSON.stringify({ a: JSON.stringify({ religion: "x" }) }), "$.*.religion"],
    [
      "JSON five deep in JSON",
      [1, 2, 3, 4, 5].reduce((text) => JSON.stringify([text]), ID),
      "$[0][0][0]",
    ],
    ["JSON inside a text", 'data={"religion":"x"}', "$"],
    ["JSON with a fault", '{"religion":"x",,}', "$"],
    ["a Set", new Set(["a", ID]), "$[1]"],
    ["a Map with a Map", new Map([["a", new Map([["b", ID]])]]), "$.*.*"],
    ["URLSearchParams, also twice the same name", new URLSearchParams(`a=${ID}&a=x`), "$.*"],
    ["what toJSON gives", { toJSON: () => ({ a: ID }) }, "$.*"],
    ["bytes", new TextEncoder().encode(ID), "$"],
    ["a part of a buffer", new DataView(new TextEncoder().encode(`12${ID}`).buffer, 2), "$"],
    ["a boxed text", { a: Object(ID) }, "$.*"],
    ["an integer that was rounded", { a: Number("110105194912310003") }, "$.*"],
    ["a negative one", { a: -110105194912310003n }, "$.*"],
    ["a card as a number", { a: 4111111111111111 }, "$.*"],
    ["an error's message", new Error(ID), "$.message"],
    [
      "what comes after an unreadable member",
      {
        get a() {
          throw new Error("no");
        },
        b: ID,
      },
      "$.*",
    ],
  ])("TC-D6.2a: sees %s", (_name, value, path) => {
    expect(paths(value)).toContain(path);
  });

  it("a path never repeats a key that may be data", () => {
    const keys = [
      ID,
      [...ID].join(" "),
      "13912345678",
      "a@b.example",
      "张三",
      "o6_bmjrPTlm6_2sgVt7hMZOPfL2M",
      "zhangsan",
      "wxid_a1b2c3d4",
      "lin_passport",
      "E1234",
    ];
    for (const key of keys) {
      for (const value of [{ [key]: { religion: "x" } }, new Map([[key, { religion: "x" }]])])
        expect(paths(value)).toContain("$.*.religion");
      expect(paths(JSON.stringify({ [key]: { religion: "x" } }))).toContain("$.*.religion");
    }
    expect(paths({ [`${ID}身份证`]: "1101" })).toContain("$.*");
    expect(paths({ [ID]: 1 })).toEqual(["$"]);
    expect(paths(JSON.stringify({ [ID]: 1 }))).toEqual(["$"]);
  });

  it.each([
    ["userIdCard", "id-document.cn-id-number"],
    ["id_card_no", "id-document.cn-id-number"],
    ["IDCardNumber", "id-document.cn-id-number"],
    ["member[passport_no]", "id-document.passport"],
    ["patient.diagnosis", "health.condition"],
    ["ｄｉａｇｎｏｓｉｓ", "health.condition"],
    ["diag\u200bnosis", "health.condition"],
    ["pregnancy", "health.allergy-fertility"],
    ["foodAllergy", "health.allergy-fertility"],
    ["clientSecret", "credential.account"],
    ["身份证号", "id-document.cn-id-number"],
    ["本人身份证号码", "id-document.cn-id-number"],
    ["家族病史", "health.history"],
    ["银行卡号", "financial.account"],
  ])("knows the field %s", (name, category) => {
    const value = "A1-40287-1";
    expect(scanValue({ [name]: value }).findings).toMatchObject([{ category }]);
    expect(scanValue(JSON.stringify({ [name]: value })).findings).toMatchObject([{ category }]);
  });

  it.each([
    "orderNo",
    "pageTrack",
    "trackingNo",
    "memberCardNo",
    "interface",
    "surface",
    "average",
    "package",
    "template",
    "platform",
    "flat",
    "panel",
    "spinner",
    "shipping",
    "general",
    "generation",
    "terrace",
    "errorMessage",
    "csrfToken",
    "allergyFree",
    "流水号",
    "收货地址",
    "民族乐器",
    "通信地址",
    "__proto__",
    "constructor",
    "toString",
  ])("does not take the field %s for a sensitive one", (name) => {
    expect(scanValue(JSON.parse(`{"${name}":"x"}`)).findings).toEqual([]);
    expect(scanValue(`{"${name}":"x"}`).findings).toEqual([]);
  });

  it("a date under a name counts, and nothing in a text does not", () => {
    expect(paths({ birthday: new Date("2020-02-01") })).toEqual(["$.birthday"]);
    expect(paths({ birthday: new Date("1990-02-01"), age: 40 })).toEqual([]);
    expect(paths({ diagnosis: new Map([["a", "b"]]) })).toEqual(["$.diagnosis"]);
    expect(
      paths('{"religion":"","diagnosis": null,"face":false,"allergy":[ ],"disease":{}}'),
    ).toEqual([]);
  });

  it("spans the text that it found, also in JSON", () => {
    expect(scanValue(`{"a": "号 ${ID}"}`).findings).toMatchObject([{ start: 2, end: 20 }]);
    expect(scanValue('{"n": 110105194912310003}').findings).toMatchObject([{ start: 0, end: 18 }]);
    expect(scanValue('{"religion":"a\\nb"}').findings).toMatchObject([{ start: 0, end: 3 }]);
  });

  it("does not take numbers of orders and moments for sensitive", () => {
    for (const value of [
      1732435200000,
      1732435200000000,
      0.4111111111111111,
      40.12345678901234,
      2026112410301500,
      20261124103015000123n,
      -1,
    ])
      expect(scanValue({ value, text: JSON.stringify({ value: String(value) }) })).toEqual({
        finished: true,
        findings: [],
      });
  });

  it("finds fields by name in Chinese and English, however they are written", () => {
    for (const name of [
      "medicalHistory",
      "medical_history",
      "Medical-History",
      "MEDICALHISTORY",
      "病史",
    ]) {
      expect(scanValue({ [name]: "flu" }).findings).toMatchObject([
        { type: "field", category: "health.history", evidence: "field-name", path: `$.${name}` },
      ]);
    }
  });

  it("finds nothing in a field that holds nothing", () => {
    expect(paths({ religion: "", diagnosis: null, face: false, allergy: [], disease: {} })).toEqual(
      [],
    );
  });

  it("says when it did not finish", () => {
    const cyclic: { self?: object } = {};
    cyclic.self = cyclic;
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    for (const value of [
      cyclic,
      hostile,
      {
        get a(): string {
          throw new Error("no");
        },
      },
      "x".repeat(4_000_001),
      {
        toJSON: () => {
          throw new Error("no");
        },
      },
      new Blob(["x"]),
      new ReadableStream(),
      Promise.resolve(1),
      Uint8Array.of(0xff, 0xfe),
      (function* once() {
        yield 1;
      })(),
      `${ID} `.repeat(1001),
    ]) {
      expect(scanValue(value).finished).toBe(false);
    }
    for (const value of [
      { a: 1 },
      new Date(0),
      new URL("https://shop.example/"),
      /a/,
      Object(true),
      new (class {
        b = 2;
      })(),
    ])
      expect(scanValue(value).finished).toBe(true);
  });
});

describe("createGuard", () => {
  it("TC-D6.2a: stops sensitive data, and what it could not look through", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    expect(guard.inspect({ note: ID })).toMatchObject({
      action: "block",
      reason: "sensitive-data",
    });
    expect(guard.inspect({ diagnosis: "flu" })).toMatchObject({
      action: "block",
      reason: "sensitive-data",
    });
    expect(guard.inspect("x".repeat(4_000_001))).toEqual({
      action: "block",
      reason: "unfinished",
      findings: [],
    });
    expect(guard.inspect({ item: "bread", price: 19.9 })).toEqual({ action: "pass", findings: [] });
  });

  it("lets pass in report mode, and tells", () => {
    const told: Finding[] = [];
    const guard = createGuard({
      profile: "tcmpp-strict",
      mode: "report",
      onFinding: (finding) => told.push(finding),
    });
    expect(guard.inspect({ note: ID }).action).toBe("pass");
    expect(told).toMatchObject([{ type: "cn-resident-id", path: "$.*" }]);
  });

  it("does not stop what the profile only reports", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    expect(guard.inspect({ height: 170 })).toMatchObject({
      action: "pass",
      findings: [{ category: "health.body-measure" }],
    });
  });

  it("a verdict never holds the value", () => {
    const guard = createGuard({ profile: "tcmpp-strict", mode: "block" });
    fc.assert(
      fc.property(residentIds, (id) => {
        expect(JSON.stringify(guard.inspect({ note: `证件 ${id}` }))).not.toContain(
          id.slice(0, 12),
        );
      }),
    );
  });
});

describe("categoryAction", () => {
  it("tells of what a list names under a condition, and stops what it names outright", () => {
    expect(categoryAction("cn-current", "credential.account")).toBe("report");
    expect(categoryAction("cn-current", "health.body-measure")).toBe("report");
    expect(categoryAction("tcmpp-strict", "credential.account")).toBe("block");
    expect(categoryAction("tcmpp-strict", "financial.transaction")).toBe("report");
  });

  it("a guard of no known profile or mode is not made", () => {
    const make = (options: object) => () =>
      createGuard(options as Parameters<typeof createGuard>[0]);
    expect(make({ profile: "tcmpp", mode: "block" })).toThrow(TypeError);
    expect(make({ profile: "__proto__", mode: "block" })).toThrow(TypeError);
    expect(make({ profile: "tcmpp-strict", mode: "blok" })).toThrow(TypeError);
  });
});

describe("the 49 categories", () => {
  it("have labels and field names, and a known number each profile stops or reports", () => {
    const ids = sensitiveCategories();
    expect(ids).toHaveLength(49);
    expect(Object.keys(DATA_CATEGORIES)).toHaveLength(49 + 9);
    expect(Object.keys(SENSITIVE_CATEGORY_LABELS)).toEqual(ids);
    const listed = (profile: Parameters<typeof categoryAction>[0]) =>
      ids.filter((id: DataCategoryId) => categoryAction(profile, id) !== "ignore").length;
    expect([
      listed("tcmpp-strict"),
      listed("cn-conservative"),
      listed("us-ca"),
      listed("cn-current"),
      listed("eu-gdpr"),
    ]).toEqual([48, 42, 31, 29, 24]);
  });
});
