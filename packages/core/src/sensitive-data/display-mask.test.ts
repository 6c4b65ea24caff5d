import { describe, expect, it } from "vitest";
import { displayMask } from "./display-mask.ts";
import { redactText } from "./redact.ts";
import { redactValue } from "./redact-value.ts";
import type { DataCategoryId } from "./sensitive-category.ts";

const shown = (category: DataCategoryId, value: string): string => {
  const [head, tail] = displayMask(category, value);
  return (
    value.slice(0, head) + "*".repeat(value.length - head - tail) + value.slice(value.length - tail)
  );
};

describe("displayMask", () => {
  it.each<[DataCategoryId, string, string]>([
    ["contact.name", "张三", "*三"],
    ["contact.name", "王小四", "王*四"],
    ["contact.name", "欧阳小四", "欧**四"],
    ["contact.name", "李", "*"],
    ["id-document.cn-id-number", "11010519491231002X", "1****************X"],
    ["id-document.cn-id-number", "110105491231002", "1*************2"],
    ["id-document.passport", "E12345678", "E*******8"],
    ["id-document.other-cn", "A123456(3)", "A********)"],
    ["id-document.driver-licence", "1234", "****"],
    ["contact.phone", "13912345678", "139******78"],
    ["contact.phone", "0571-88123456", "057********56"],
    ["contact.phone", "88123456", "88****56"],
    ["contact.phone", "8812345", "88***45"],
    ["contact.phone", "+8613912345678", "+86139******78"],
    ["contact.phone", "8613912345678", "86139******78"],
    ["contact.phone", "+86 13912345678", "+86 139******78"],
    ["contact.phone", "0086-13912345678", "0086-139******78"],
    ["contact.phone", "+85291234567", "+85291****67"],
    ["contact.phone", "+852 91234567", "+852 91****67"],
    ["contact.phone", "+853 66123456", "+853 66****56"],
    ["contact.phone", "+1 2025550123", "+1 202*****23"],
    ["contact.phone", "123456", "******"],
    ["financial.account", "6222020200112233444", "***************3444"],
    ["financial.account", "4111 1111 1111 1111", "***************1111"],
    ["financial.account", "123456", "******"],
    ["religion.belief", "佛教", "**"],
    ["contact.email", "li.lei@example.com", "******************"],
    ["contact.address", "花园路8号", "*****"],
  ])("of %s shows %s as %s", (category, value, masked) => {
    expect(shown(category, value)).toBe(masked);
  });

  it("hides more than it shows of what is masked, and never shows what overlaps", () => {
    for (const category of [
      "contact.name",
      "contact.phone",
      "financial.account",
      "id-document.passport",
    ] as const)
      for (let length = 1; length < 30; length++) {
        const [head, tail] = displayMask(category, "1".repeat(length));
        expect(head + tail).toBeLessThanOrEqual(length);
        if (length > 1) expect(head + tail).toBeLessThan(length);
      }
  });
});

describe("redactText", () => {
  it.each([
    ["电话 13912345678。", "电话 139******78。"],
    ["电话 +86 13912345678。", "电话 +86 139******78。"],
    ["电话 +8613912345678。", "电话 +86139******78。"],
    ["電話 +852 9123 4567。", "電話 +852 91*****67。"],
    ["电话：8812 3456", "电话：88*****56"],
    ["卡 4111111111111111", "卡 ************1111"],
    ["A123456(3)", "A********)"],
  ])("shows %s as %s", (text, masked) => {
    expect(redactText(text)).toBe(masked);
  });
});

describe("redactValue", () => {
  it("masks members as texts are masked", () => {
    expect(
      redactValue({ phone: "+85291234567", 银行卡号: "4111111111111111", 收货人: "王小四" }),
    ).toEqual({
      phone: "+85291****67",
      银行卡号: "************1111",
      收货人: "王*四",
    });
  });
});
