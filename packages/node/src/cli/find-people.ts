import { PrivacyError } from "@miniprivacy/core/errors";
import type { Schema, SchemaTable } from "./read-schema.ts";
import { keyOf, referencesOf, wordsOfName } from "./table-references.ts";

/** The table whose rows are people, and its column that holds the host's id of them. */
export interface People {
  readonly table: SchemaTable;
  readonly column: string;
}

const NOUNS: ReadonlySet<string> = new Set(
  "member user customer account buyer client consumer patient guest huiyuan yonghu kehu guke 会员 用户 客户 顾客".split(
    " ",
  ),
);

/**
 * Finds who a database is about: the table with a platform's id of its own, or that is named so.
 *
 * @param named `table.column`, where the caller knows (guessed).
 * @returns undefined where no table looks like people.
 * @throws PrivacyError `ERR_INPUT_INVALID` for a column that is not there.
 */
export function findPeople(schema: Schema, named?: string): People | undefined {
  if (named !== undefined) return namedPeople(schema, named);
  const candidates = schema.tables.flatMap((table) => {
    const openid = table.columns.find(({ name }) => isOpenid(name) && isUnique(table, name))?.name;
    const isNamed = tellsPeople(wordsOfName(table.name).at(-1)!);
    const column = openid ?? (isNamed ? keyOf(table) : undefined);
    if (column === undefined) return [];
    const referred = schema.tables.filter((other) =>
      referencesOf(other, schema.tables).some((reference) => reference.table === table),
    ).length;
    return [{ table, column, rank: [openid === undefined ? 0 : 1, Number(isNamed), referred] }];
  });
  return candidates.toSorted((one, other) => compare(other.rank, one.rank))[0];
}

/** Whether a word stands for the people that a shop serves. */
export function tellsPeople(word: string): boolean {
  return NOUNS.has(word);
}

/** Whether a column is named like the id a platform gives a person. */
export function isOpenid(column: string): boolean {
  return wordsOfName(column).join("").endsWith("openid");
}

function namedPeople({ tables }: Schema, named: string): People {
  const dot = named.lastIndexOf(".");
  const table = tables.find(({ name }) => name === named.slice(0, Math.max(dot, 0)));
  const column = named.slice(dot + 1);
  if (table === undefined || !table.columns.some(({ name }) => name === column))
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "--subject is no table.column of it" });
  return { table, column };
}

function isUnique({ indexes }: SchemaTable, column: string): boolean {
  return indexes.some(
    ({ unique, columns }) => unique && columns.length === 1 && columns[0] === column,
  );
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, i) => value !== other[i]);
  return at < 0 ? 0 : one[at]! - other[at]!;
}
