import { describe, expect, it } from "vitest";
import { CHILDREN_SINCE, isPlausible } from "./field-value.ts";
import { scanValue } from "./scan-value.ts";
import type { DataCategoryId } from "./sensitive-category.ts";

const holds = (category: DataCategoryId, name: string, value: unknown): boolean =>
  isPlausible(category, name, value, CHILDREN_SINCE);

describe("isPlausible", () => {
  it.each<[DataCategoryId, string, unknown]>([
    ["id-document.cn-id-number", "idNo", "A1-40287-1"],
    ["id-document.cn-id-photo", "idCardFront", "https://cdn.example/a.png"],
    ["financial.account", "cardNo", "6222 02"],
    ["financial.account-secret", "pin", "1234"],
    ["financial.deposit", "balance", 12.5],
    ["location.precise-point", "lat", 31.2304],
    ["location.precise-point", "lng", "-121.47371"],
    ["location.trajectory", "gps", "31.2,121.4"],
    ["health.condition", "diagnosis", "flu"],
    ["health.condition", "diagnosis", true],
    ["health.allergy-fertility", "pregnant", true],
    ["health.body-measure", "height", 170],
    ["health.body-measure", "bloodType", "AB型"],
    ["health.body-measure", "bloodType", "O"],
    ["criminal.record", "conviction", true],
    ["biometric.fingerprint", "fingerprint", "Rk1SACAyMAAAAAD"],
    ["credential.account", "password", "hunter2"],
    ["religion.belief", "religion", "佛教"],
    ["contact.phone", "phone", "010-6512 3456"],
    ["contact.name", "姓名", "欧阳小四"],
    ["contact.name", "realName", "Li Lei"],
    ["contact.address", "address", "花园路8号"],
    ["contact.address", "address", "8 Garden Road"],
    ["identifier.device", "deviceId", "a3f1c7d2e9b04856"],
    ["private.communication", "sms", "明天下午见"],
    ["health.condition", "diagnosis", { code: "J10" }],
    ["health.condition", "diagnosis", ["flu"]],
  ])("%s: %s may be %j", (category, name, value) => {
    expect(holds(category, name, value)).toBe(true);
  });

  it.each<[string, DataCategoryId, string, unknown]>([
    ["a label", "id-document.cn-id-number", "idNo", "身份证号"],
    ["a label of the same kind", "religion.belief", "religion", "宗教信仰"],
    ["a prompt", "contact.phone", "phone", "请输入手机号"],
    ["a prompt in English", "credential.account", "password", "Enter your password"],
    ["a message", "credential.account", "password", "密码不能为空"],
    ["a message in English", "health.condition", "diagnosis", "diagnosis is required"],
    ["a mask", "credential.account", "password", "********"],
    ["a mask with both ends", "contact.phone", "phone", "139******78"],
    ["a masked name", "contact.name", "姓名", "*三"],
    ["nothing", "religion.belief", "religion", " "],
    ["no", "religion.belief", "religion", "false"],
    ["n/a", "health.condition", "diagnosis", "N/A"],
    ["a stroke", "health.condition", "diagnosis", "--"],
    ["null as a text", "health.condition", "diagnosis", "null"],
    ["a mere yes", "credential.account", "password", true],
    ["a mere yes", "contact.phone", "phone", true],
    ["a structure", "contact.address", "address", { city: "上海" }],
    ["a word", "id-document.passport", "passport", "optional"],
    ["a word", "financial.account", "pan", "不粘锅"],
    ["a few digits", "contact.phone", "phone", "10086"],
    ["a whole degree", "location.precise-point", "lat", 31],
    ["a coarse place", "location.precise-point", "lat", "31.2"],
    ["the print of a key", "biometric.fingerprint", "fingerprint", "3c:22:fb:01:02:03:04:05"],
    [
      "the hash of a file",
      "biometric.fingerprint",
      "fingerprint",
      "e3b0c44298fc1c149afbf4c8996fb924",
    ],
    ["a short one", "credential.account", "pwd", "abc"],
    ["one in Chinese", "credential.account", "密码", "忘记密码"],
    ["a place for a name", "contact.name", "姓名", "x"],
  ])("%s is none (%s)", (_name, category, name, value) => {
    expect(holds(category, name, value)).toBe(false);
  });

  it.each<[string, unknown, number, boolean]>([
    ["age", 8, 2012, true],
    ["age", "13岁", 2012, true],
    ["age", 14, 2012, false],
    ["age", 40, 2012, false],
    ["age", "3-6岁", 2012, false],
    ["kidAge", "3周岁", 2012, true],
    ["年龄", "7", 2012, true],
    ["birthday", "2012-01-01", 2012, true],
    ["birthday", "2011-12-31", 2012, false],
    ["birthday", "2011-12-31", 2011, true],
    ["birthday", "1990年5月1日", 2012, false],
    ["dob", "05/01/2019", 2012, true],
    ["出生日期", "20190501", 2012, true],
    ["birthday", "5月1日", 2012, false],
    ["childName", "小明", 2012, true],
    ["guardian", "x", 2012, false],
  ])("a child: %s %j, of those born since %i: %j", (name, value, since, expected) => {
    expect(isPlausible("minor.under14", name, value, since)).toBe(expected);
  });
});

describe("scanValue", () => {
  const children = (value: unknown, now?: string) =>
    scanValue(value, now === undefined ? {} : { now: Date.parse(now) }).findings.map(
      ({ category }) => category,
    );

  it("tells who is a child by the time, and without it by the year 2012", () => {
    expect(children({ birthday: "2013-05-01" })).toEqual(["minor.under14"]);
    expect(children({ birthday: "2011-05-01" })).toEqual([]);
    expect(children({ birthday: "2011-05-01" }, "2024-01-01T00:00:00Z")).toEqual(["minor.under14"]);
    expect(children({ birthday: "2013-05-01" }, "2030-01-01T00:00:00Z")).toEqual([]);
    expect(children("我儿子生日2013年5月1日")).toEqual(["minor.under14"]);
    expect(children("我儿子生日2013年5月1日", "2030-01-01T00:00:00Z")).toEqual([]);
  });

  it("takes a pair of coordinates under their names, and none that is coarse", () => {
    expect(scanValue({ lat: 31.2304, lng: 121.4737 }).findings.map(({ path }) => path)).toEqual([
      "$.lat",
      "$.lng",
    ]);
    expect(scanValue({ lat: 31, lng: 121 }).findings).toEqual([]);
    expect(scanValue({ lat: "", lng: null }).findings).toEqual([]);
  });

  it("a form and its labels hold nothing", () => {
    const form = {
      fields: [{ key: "idNo", label: "身份证号", placeholder: "请输入身份证号" }],
      messages: { password: "密码不能为空", phone: "请输入手机号", 姓名: "必填" },
      password: { type: "string", minLength: 8 },
    };
    expect(scanValue({ fields: form.fields, messages: form.messages }).findings).toEqual([]);
  });
});
