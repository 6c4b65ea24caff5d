import { describe, expect, it } from "vitest";
import { sqlName, sqlTable } from "./sql-name.ts";

describe("sqlName, sqlTable", () => {
  it("quote what they are given: it can name nothing but a name", () => {
    expect(sqlName("order")).toBe('"order"');
    expect(sqlName("收货人")).toBe('"收货人"');
    expect(sqlName('x" = $1 or true; --')).toBe('"x"" = $1 or true; --"');
    expect(sqlTable("notes; drop table x")).toBe('"notes; drop table x"');
    expect(sqlTable("Shop.order")).toBe('"Shop"."order"');
  });

  it("take no name that PostgreSQL would refuse or cut off", () => {
    expect(sqlName("x".repeat(63))).toHaveLength(65);
    for (const name of ["", "a\0b", "x".repeat(64), "字".repeat(22)])
      expect(() => sqlName(name)).toThrow(TypeError);
    for (const name of ["", "a.", ".a", "a.b.c"]) expect(() => sqlTable(name)).toThrow(TypeError);
  });
});
