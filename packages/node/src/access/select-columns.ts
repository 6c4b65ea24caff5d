import { sqlName } from "../connector/sql-name.ts";

/** Column of a field where the names differ. */
export type ColumnNames = { readonly [field: string]: string };

export interface SqlColumnsOptions {
  /** (each column is named like its field) */
  readonly names?: ColumnNames;
  /** Table or alias the columns are of, where a query joins several (none). */
  readonly table?: string;
  /** Whose quotes (`postgres`). */
  readonly dialect?: "postgres" | "mysql";
}

/**
 * The list of a SELECT: these columns and no others, each under the name of its field.
 *
 * @param fields What `columns` gives.
 * @throws TypeError when there is no field, or for a name the database cannot have.
 */
export function sqlColumns(fields: readonly string[], options: SqlColumnsOptions = {}): string {
  const { names = {}, table, dialect = "postgres" } = options;
  const quote = QUOTES[dialect];
  const prefix = table === undefined ? "" : `${quote(table)}.`;
  return requireFields(fields)
    .map((field) => `${prefix}${quote(columnOf(field, names))} as ${quote(field)}`)
    .join(", ");
}

/** What Kysely checks a selection by; fields known only as strings are not checked. */
export type KyselyColumn<Field extends string, Names, Table extends string> = string extends Field
  ? never
  : Field extends keyof Names
    ? `${TablePrefix<Table>}${Names[Field] & string} as ${Field}`
    : `${TablePrefix<Table>}${Field} as ${Field}`;
type TablePrefix<Table extends string> = Table extends "" ? "" : `${Table}.`;

/**
 * What `.select(...)` of Kysely takes: strings, so that any version does.
 *
 * @param fields What `columns` gives.
 * @param options As for {@link sqlColumns}.
 * @throws TypeError when there is no field, or for a name that is not a plain word: Kysely reads dots and ` as `.
 */
export function kyselyColumns<
  const Field extends string,
  const Names extends ColumnNames = { readonly [field in never]: string },
  const Table extends string = "",
>(
  fields: readonly Field[],
  options: { readonly names?: Names; readonly table?: Table } = {},
): readonly KyselyColumn<Field, Names, Table>[] {
  const { names = {}, table } = options;
  const prefix = table === undefined ? "" : `${plainWord(table)}.`;
  return requireFields(fields).map(
    (field) => `${prefix}${plainWord(columnOf(field, names))} as ${plainWord(field)}`,
  ) as KyselyColumn<Field, Names, Table>[];
}

/**
 * The `attributes` of a Sequelize find. The model knows the columns.
 *
 * @param fields What `columns` gives. Sequelize adds those that the model's default scope lists: read `Model.unscoped()`
 * where it lists any.
 * @throws TypeError when there is no field, or for a name that is not a plain word: Sequelize reads `*`, dots and quotes.
 */
export function sequelizeAttributes<const Field extends string>(fields: readonly Field[]): Field[] {
  return requireFields(fields).map(plainWord);
}

/** What to select of fields that are not one column: `{ contact: { mobile: true } }`. */
export type FieldParts = { readonly [field: string]: object };

/** What Prisma types its rows by; fields known only as strings type nothing. */
export type FieldSelection<Field extends string, Parts> = string extends Field
  ? object
  : { [F in Field]: F extends keyof Parts ? Parts[F] : true };

/**
 * The `select` of Prisma and of TypeORM's find options. The model knows the columns.
 *
 * @param fields What `columns` gives. TypeORM reads every column for a selection without a column of the entity itself;
 * the subject's field, which `columns` always gives, is one.
 * @param parts By field, for an embedded entity or a relation (none). Left out, TypeORM reads nothing of it and Prisma
 * every column.
 * @throws TypeError when there is no field, or a part selects nothing.
 */
export function fieldSelection<
  const Field extends string,
  const Parts extends FieldParts = { readonly [field in never]: object },
>(fields: readonly Field[], parts?: Parts): FieldSelection<Field, Parts> {
  const entries = requireFields(fields).map((field) => {
    const part = parts !== undefined && Object.hasOwn(parts, field) ? parts[field] : true;
    if (!selects(part)) throw new TypeError("a part of a selection must select something");
    return [field, part];
  });
  return Object.fromEntries(entries) as FieldSelection<Field, Parts>;
}

function selects(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return part === true;
  return Object.values(part).some(selects);
}

function requireFields<Field extends string>(fields: readonly Field[]): readonly Field[] {
  // Requirement WX-4.4.4b: no field never becomes every column, as an empty selection does in TypeORM.
  if (fields.length === 0)
    throw new TypeError("no field to select: a purpose that is not in the policy has none");
  return fields;
}

function columnOf(field: string, names: ColumnNames): string {
  return Object.hasOwn(names, field) ? names[field]! : field;
}

const QUOTES = { postgres: sqlName, mysql: mysqlName } as const;

function mysqlName(name: string): string {
  if (name === "" || name.includes("\0"))
    throw new TypeError("a table or column name must not be empty nor hold NUL");
  return `\`${name.replaceAll("`", "``")}\``;
}

const PLAIN_WORD = /^[\p{L}\p{M}\p{N}_$-]+$/u;

/** A name that no query builder takes for more than a name. */
function plainWord<Name extends string>(name: Name): Name {
  if (!PLAIN_WORD.test(name))
    throw new TypeError("a name must consist of letters, digits, _, $ and -");
  return name;
}
