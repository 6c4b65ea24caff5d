import { describe, expect, it } from "vitest";
import {
  fieldSelection,
  kyselyColumns,
  sequelizeAttributes,
  sqlColumns,
} from "./select-columns.ts";

const fields = ["id", "phone", "contact"] as const;
const names = { phone: "rcv_mobile", allergy: "allergy_text" };

describe("sqlColumns", () => {
  it("WX-4.4.4b: lists the columns of the fields of a purpose, each under its field's name, and no others", () => {
    expect(sqlColumns(fields, { names })).toBe(
      '"id" as "id", "rcv_mobile" as "phone", "contact" as "contact"',
    );
  });

  it("names the table before each column, and quotes as MySQL does", () => {
    const phone = ["phone"];
    expect(sqlColumns(phone, { names, table: "o" })).toBe('"o"."rcv_mobile" as "phone"');
    expect(sqlColumns(phone, { names, table: "o", dialect: "mysql" })).toBe(
      "`o`.`rcv_mobile` as `phone`",
    );
  });

  it("lets no name become anything but a name", () => {
    const hostile = { phone: 'x", allergy as "y', contact: "x`, allergy as `y" };
    expect(sqlColumns(["phone"], { names: hostile })).toBe('"x"", allergy as ""y" as "phone"');
    expect(sqlColumns(["contact"], { names: hostile, dialect: "mysql" })).toBe(
      "`x``, allergy as ``y` as `contact`",
    );
    expect(sqlColumns(['a" b'], { table: 't"' })).toBe('"t"""."a"" b" as "a"" b"');
    expect(sqlColumns(["*"])).toBe('"*" as "*"');
  });

  it("refuses a name the database cannot have", () => {
    for (const dialect of ["postgres", "mysql"] as const) {
      for (const name of ["", "a\0b"]) {
        expect(() => sqlColumns([name], { dialect })).toThrow(TypeError);
        expect(() => sqlColumns(["a"], { dialect, names: { a: name } })).toThrow(TypeError);
        expect(() => sqlColumns(["a"], { dialect, table: name })).toThrow(TypeError);
      }
    }
    // PostgreSQL would cut the alias off: two fields could become one.
    expect(() => sqlColumns(["字".repeat(22)])).toThrow(TypeError);
  });

  it("takes no name from a prototype", () => {
    const inherited = Object.create({ phone: "allergy" }) as Record<string, string>;
    expect(sqlColumns(["phone", "constructor"], { names: inherited })).toBe(
      '"phone" as "phone", "constructor" as "constructor"',
    );
  });
});

describe("kyselyColumns", () => {
  it("WX-4.4.4b: selects the columns of the fields of a purpose, each under its field's name, and no others", () => {
    expect(kyselyColumns(fields, { names })).toEqual([
      "id as id",
      "rcv_mobile as phone",
      "contact as contact",
    ]);
    expect(kyselyColumns(["phone"], { names, table: "o" })).toEqual(["o.rcv_mobile as phone"]);
    expect(kyselyColumns(["收货人", "a-b", "$c"])).toHaveLength(3);
  });

  it("refuses names that Kysely would read as more than a name", () => {
    for (const name of ["o.allergy", "allergy as phone", " phone", "*", "o.*", "a\0b", ""]) {
      expect(() => kyselyColumns([name])).toThrow(TypeError);
      expect(() => kyselyColumns(["phone"], { names: { phone: name } })).toThrow(TypeError);
      expect(() => kyselyColumns(["phone"], { table: name })).toThrow(TypeError);
    }
  });
});

describe("sequelizeAttributes", () => {
  it("WX-4.4.4b: are the fields of a purpose and no others", () => {
    expect(sequelizeAttributes(fields)).toEqual(["id", "phone", "contact"]);
  });

  it("refuses names that Sequelize would read as more than a name: * is every column", () => {
    for (const name of ["*", "Order.*", "o.allergy", 'x"y', "x`y", "count(id)", "contact->mobile"])
      expect(() => sequelizeAttributes(["id", name])).toThrow(TypeError);
  });
});

describe("fieldSelection", () => {
  it("WX-4.4.4b: selects the fields of a purpose and no others", () => {
    expect(fieldSelection(fields)).toEqual({ id: true, phone: true, contact: true });
    expect(Object.keys(fieldSelection(["__proto__", "id"]))).toEqual(["__proto__", "id"]);
  });

  it("WX-4.4.4b: selects a part only of a field the purpose has", () => {
    const parts = { contact: { mobile: true }, allergy: { text: true } } as const;
    expect(fieldSelection(fields, parts)).toEqual({
      id: true,
      phone: true,
      contact: { mobile: true },
    });
  });

  it("refuses a part that selects nothing: it would select everything", () => {
    for (const contact of [{}, { mobile: false }, { select: {} }, { mobile: undefined }, []])
      expect(() => fieldSelection(["contact"], { contact })).toThrow(TypeError);
    for (const contact of [false, null, undefined, "mobile"])
      expect(() => fieldSelection(["contact"], { contact } as never)).toThrow(TypeError);
  });
});

it("WX-4.4.4b: a purpose without a field selects no column, never all of them", () => {
  const adapters: readonly ((fields: readonly string[]) => unknown)[] = [
    sqlColumns,
    kyselyColumns,
    sequelizeAttributes,
    fieldSelection,
  ];
  for (const columns of adapters) {
    expect(() => columns([])).toThrow(TypeError);
    expect(() => columns(undefined as never)).toThrow(TypeError);
  }
});
