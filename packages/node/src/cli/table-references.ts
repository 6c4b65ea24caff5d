import type { SchemaTable } from "./read-schema.ts";

/** A column whose value is that of a row of another table. */
export interface Reference {
  readonly column: string;
  readonly table: SchemaTable;
  /** The column it refers to. */
  readonly key: string;
  /** Whether a foreign key says so, not only the name. */
  readonly isDeclared: boolean;
}

/** What a table's columns refer to: by foreign keys, and where there is none by being named like a table, as `member_id`. */
export function referencesOf(
  table: SchemaTable,
  tables: readonly SchemaTable[],
): readonly Reference[] {
  const declared = table.foreignKeys.flatMap(({ parent, columns }): readonly Reference[] => {
    const referred = tables.find(({ name }) => parent.includes(name));
    const [link, ...others] = columns;
    return referred === undefined || link === undefined || others.length > 0
      ? []
      : [{ column: link.column, table: referred, key: link.key, isDeclared: true }];
  });
  const named = table.columns.flatMap(({ name }): readonly Reference[] => {
    if (declared.some(({ column }) => column === name)) return [];
    const referred = tableNamedBy(name, tables);
    const key = referred && keyOf(referred);
    return referred === undefined || referred === table || key === undefined
      ? []
      : [{ column: name, table: referred, key, isDeclared: false }];
  });
  return [...declared, ...named];
}

/** The primary key, if it is one column; undefined otherwise. */
export function keyOf({ indexes }: SchemaTable): string | undefined {
  const columns = indexes.find(({ primary }) => primary)?.columns;
  return columns?.length === 1 ? (columns[0] ?? undefined) : undefined;
}

/** The words of a table's or column's name in lower case, the last in singular. */
export function wordsOfName(name: string): readonly string[] {
  const words = name
    .slice(name.indexOf(".") + 1)
    .split(/[_\s-]+|(?<=[a-z\d])(?=[A-Z])/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== "");
  return [...words.slice(0, -1), singular(words.at(-1) ?? "")];
}

function singular(word: string): string {
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** `t_member` for `member_id` and `to_member_id`; of several tables the one with the shortest name. */
function tableNamedBy(column: string, tables: readonly SchemaTable[]): SchemaTable | undefined {
  const words = wordsOfName(column);
  if (words.at(-1) !== "id") return undefined;
  for (let from = 0; from < words.length - 1; from++) {
    const noun = words.slice(from, -1).join("_");
    const [named] = tables
      .filter(({ name }) => `_${wordsOfName(name).join("_")}`.endsWith(`_${noun}`))
      .toSorted((one, other) => one.name.length - other.name.length);
    if (named !== undefined) return named;
  }
  return undefined;
}
