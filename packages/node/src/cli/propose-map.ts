import type { TableMapping } from "../connector/table-mapping.ts";
import type { People } from "./find-people.ts";
import { type GuessedCategory, guessCategory } from "./guess-category.ts";
import type { Schema, SchemaColumn, SchemaTable } from "./read-schema.ts";
import { keyOf, referencesOf } from "./table-references.ts";
import { wayToPeople } from "./way-to-people.ts";

/** A data map that a database's names and keys suggest, and where they suggest nothing. */
export interface MapProposal {
  /** As `table.column`: the host's id of a person. */
  readonly subject: string;
  readonly tables: readonly ProposedTable[];
  /** Those of all tables, each once. */
  readonly categories: readonly GuessedCategory[];
  /** Steps that no foreign key says, as `table.column -> table.column`. */
  readonly guessedSteps: readonly string[];
  /** Columns of text, as `table.column`, that are not in the map: their names tell nothing. */
  readonly unknown: readonly string[];
  /** Tables that are not in the map. */
  readonly left: readonly LeftTable[];
}

export interface ProposedTable {
  /** Named like the table, for it is the only record there. */
  readonly mapping: Pick<TableMapping, "table" | "key" | "subject">;
  /** Fields of the record, named like their columns: what nobody personal is in, or a category's id. */
  readonly fields: readonly ProposedField[];
}

export interface ProposedField {
  readonly column: SchemaColumn;
  readonly kind: "key" | "subject" | "personal";
  /** Of a personal field. */
  readonly category?: GuessedCategory;
}

export interface LeftTable {
  readonly table: string;
  /** As of a way that was not found; `no-key`: its rows have no key of one column. */
  readonly reason: "no-way" | "unclear" | "two-people" | "no-key";
  /** The columns that lead to people. */
  readonly columns: readonly string[];
  /** Columns that look personal all the same. */
  readonly personal: readonly string[];
}

/** Proposes which records lie in the tables of a database, and how. */
export function proposeMap({ tables }: Schema, people: People): MapProposal {
  const proposed: ProposedTable[] = [];
  const left: LeftTable[] = [];
  const guessedSteps = new Set<string>();
  for (const table of tables) {
    const way = wayToPeople(table, tables, people);
    const key = keyOf(table);
    if (way.found && key !== undefined) {
      const mapping = { table: table.name, key, subject: shortForm(way.subject) };
      proposed.push({ mapping, fields: fieldsOf(table, key, way.subject[0], tables) });
      for (const step of way.guessed) guessedSteps.add(step);
    } else {
      const { reason, columns } = way.found ? NO_KEY : way;
      const personal = table.columns.filter(({ name }) => guessCategory(name) !== undefined);
      left.push({ table: table.name, reason, columns, personal: personal.map(({ name }) => name) });
    }
  }
  return {
    subject: `${people.table.name}.${people.column}`,
    tables: proposed,
    categories: categoriesOf(proposed),
    guessedSteps: [...guessedSteps],
    unknown: proposed.flatMap(({ mapping, fields }) =>
      unknownColumns(mapping.table, fields, tables),
    ),
    left,
  };
}

const NO_KEY = { reason: "no-key", columns: [] } as const;

function shortForm(subject: readonly [string, ...string[]]): TableMapping["subject"] {
  return subject.length === 1 ? subject[0] : subject;
}

function fieldsOf(
  table: SchemaTable,
  key: string,
  subject: string,
  tables: readonly SchemaTable[],
): readonly ProposedField[] {
  const links = new Set(referencesOf(table, tables).map(({ column }) => column));
  return table.columns.flatMap((column): readonly ProposedField[] => {
    if (column.name === subject) return [{ column, kind: "subject" }];
    if (column.name === key) return [{ column, kind: "key" }];
    const category = links.has(column.name) ? undefined : guessCategory(column.name);
    return category === undefined ? [] : [{ column, kind: "personal", category }];
  });
}

function categoriesOf(tables: readonly ProposedTable[]): readonly GuessedCategory[] {
  const all = tables.flatMap(({ fields }) => fields.flatMap(({ category }) => category ?? []));
  return [...new Map(all.map((category) => [category.id, category])).values()];
}

function unknownColumns(
  name: string,
  fields: readonly ProposedField[],
  tables: readonly SchemaTable[],
): readonly string[] {
  const table = tables.find((one) => one.name === name)!;
  const links = new Set(referencesOf(table, tables).map(({ column }) => column));
  const mapped = new Set(fields.map(({ column }) => column.name));
  return table.columns
    .filter((column) => column.holds === "string")
    .filter((column) => !mapped.has(column.name) && !links.has(column.name))
    .map((column) => `${name}.${column.name}`);
}
