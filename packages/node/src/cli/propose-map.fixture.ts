import type { ForeignKey } from "../connector/catalog.ts";
import type { Schema, SchemaColumn, SchemaTable } from "./read-schema.ts";

/** A table whose first column is its key; `column` may hold NULL where it ends with `?`. */
export function table(
  name: string,
  columns: { readonly [column: string]: SchemaColumn["holds"] },
  { unique = [], refers = {} }: TableOptions = {},
): SchemaTable {
  const named = Object.entries(columns).map(([column, holds]) => ({
    name: column.replace("?", ""),
    holds,
    nullable: column.endsWith("?"),
  }));
  const index = (column: string, primary: boolean) => ({
    columns: [column],
    unique: true,
    primary,
  });
  return {
    name,
    columns: named,
    indexes: [index(named[0]!.name, true), ...unique.map((column) => index(column, false))],
    foreignKeys: Object.entries(refers).map(([column, parent]) => foreignKey(name, column, parent)),
  };
}

interface TableOptions {
  readonly unique?: readonly string[];
  /** What a column refers to, as `table.column`. */
  readonly refers?: { readonly [column: string]: string };
}

function foreignKey(child: string, column: string, parent: string): ForeignKey {
  const [referred, key] = parent.split(".") as [string, string];
  return {
    child: [child],
    parent: [referred],
    columns: [{ column, key, nullable: true }],
    onDelete: "forbid",
  };
}

/** The tables of a small shop. */
export const SHOP_SCHEMA: Schema = {
  dialect: "mysql",
  tables: [
    table(
      "t_member",
      { id: "unknown", openid: "string", "nick_name?": "string", "mobile?": "string" },
      { unique: ["openid"] },
    ),
    table(
      "t_order",
      {
        id: "string",
        member_id: "unknown",
        rcv_mobile: "string",
        rcv_addr: "string",
        "allergy?": "string",
        "remark?": "string",
      },
      { refers: { member_id: "t_member.id" } },
    ),
    table("t_parcel", { id: "unknown", order_id: "string", receiver_name: "string" }),
    table("t_product", { id: "unknown", title: "string" }),
  ],
};
