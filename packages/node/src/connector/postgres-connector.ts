import type { Remnant } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { Connector, RecordRow } from "./connector.ts";
import { clearDeadRows } from "./dead-rows.ts";
import { ask, isDataFault, type QueryPool } from "./query-pool.ts";
import { requireTenant } from "./require-tenant.ts";
import { sqlName, sqlTable } from "./sql-name.ts";
import { endLogSegment } from "./write-ahead-log.ts";

export interface TableMapping {
  /** As it is in the catalog, with its schema before a dot if need be; it is quoted, so case counts. */
  readonly table: string;
  /** Column of the primary key. */
  readonly key: string;
  /** Column that holds the subjectId, of any type whose text is the id. */
  readonly subject: string;
  /** Column that holds the tenant (none: every row is of tenant `''`, and no other tenant is served). */
  readonly tenant?: string;
  /** Column of a field where the names differ. */
  readonly columns?: { readonly [field: string]: string };
  /**
   * What becomes of a row (`'row'`: it is deleted). `'columns'` keeps it as nobody's: the columns of personal fields and of
   * the subject become NULL; with `set`, fields that must not be NULL get these values instead. The subject's must then
   * be nobody's id.
   */
  readonly erase?: "row" | "columns" | { readonly set: { readonly [field: string]: unknown } };
}

export interface PostgresConnectorOptions {
  readonly pool: QueryPool;
  /** By record name. */
  readonly tables: { readonly [record: string]: TableMapping };
  /**
   * Clears dead rows after each erasure (true). `true` runs VACUUM until no page holds them as rows; the space they took is
   * free, not overwritten. `'full'` writes the table anew (small tables only: it locks). Both need the right to vacuum.
   * `keptDays`: the host's own vacuum does it within so many days, named as a remnant until then.
   */
  readonly vacuum?: true | "full" | { readonly keptDays: number };
  /**
   * What becomes of the write-ahead log: how many days its segments, archives and replicas keep old rows, or
   * `'switch'` on a server without archive and replicas and with `wal_recycle = off`, where the connector ends the
   * segment and checkpoints itself (superuser).
   */
  readonly wal: { readonly keptDays: number } | "switch";
}

const DAY_MS = 86_400_000;

/**
 * Connects tables of a PostgreSQL database.
 *
 * @throws TypeError when a name cannot be one; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that is no whole number of
 *   days.
 */
export function postgresConnector(options: PostgresConnectorOptions): Connector {
  const { pool, tables, vacuum = true, wal } = options;
  const vacuums = vacuum === true || vacuum === "full";
  if (!vacuums) requireKeepDays(vacuum.keptDays, "vacuum.keptDays");
  if (wal !== "switch") requireKeepDays(wal.keptDays, "wal.keptDays");
  for (const mapping of Object.values(tables)) requireNames(mapping);

  function mapping({ name }: { readonly name: string }): TableMapping {
    const found = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (found === undefined)
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `record ${name} is not mapped` });
    return found;
  }

  return {
    kind: "database",
    records: Object.keys(tables),
    separatesTenants: Object.values(tables).every(({ tenant }) => tenant !== undefined),
    keyField(record) {
      const { key } = mapping(record);
      const field = Object.keys(record.fields).find(
        (name) => columnOf(mapping(record), record, name) === key,
      );
      if (field === undefined)
        throw new PrivacyError("ERR_CONFIG_INVALID", {
          detail: `record ${record.name} lacks its key field`,
        });
      return field;
    },
    async describe(record) {
      const { table, subject, tenant, erase = "row" } = mapping({ name: record });
      const [row] = await ask(pool, "show server_version");
      const ofTenant = tenant === undefined ? "" : ` and ${table}.${tenant} = {tenant}`;
      return {
        selector: `${table}.${subject} = {subjectId}${ofTenant}`,
        technique: `${erase === "row" ? "DELETE" : "UPDATE of personal columns to NULL or a fixed value"}${vacuums ? (vacuum === "full" ? ", VACUUM FULL" : ", VACUUM FREEZE (space freed, not overwritten)") : ""}`,
        tool: "PostgreSQL",
        toolVersion: row?.["server_version"] as string,
      };
    },
    async find(record, of) {
      const { from, where, values, spelling } = rowsOf(mapping(record), of);
      const fields = Object.keys(record.fields);
      // Aliases of our own: PostgreSQL would cut long field names off.
      const columns = fields.map(
        (field, i) => `${sqlName(columnOf(mapping(record), record, field))} as f${i}`,
      );
      const rows = await ask(
        pool,
        `select ${columns.join(", ")}, ${spelling} as spelt from ${from} as target where ${where}`,
        values,
      );
      if (rows.some(({ spelt }) => spelt !== true)) throw spelledOtherwise();
      const subjectField = subjectFieldName(record);
      return rows.map((row) =>
        Object.fromEntries(
          fields.map((field, i) => [field, field === subjectField ? of.subjectId : row[`f${i}`]]),
        ),
      );
    },
    async count(record, of) {
      const { from, where, values, spelling } = rowsOf(mapping(record), of);
      const [row] = await ask(
        pool,
        `select count(*) as count, coalesce(bool_and(${spelling}), true) as spelt from ${from} as target where ${where}`,
        values,
      );
      if (row?.["spelt"] !== true) throw spelledOtherwise();
      return Number(row["count"]);
    },
    async erase(record, of) {
      const table = mapping(record);
      const { from, where, values, spelling } = rowsOf(table, of);
      const chosen = `where ${where} and ${spelling}`;
      const blank = blankOf(table, record);
      if (blank === undefined) await ask(pool, `delete from ${from} as target ${chosen}`, values);
      else
        await ask(
          pool,
          `update ${from} as target set ${blank.columns.map((name) => `${name} = blank.${name}`).join(", ")}
            from jsonb_populate_record(null::${from}, $${values.length + 1}::jsonb) as blank ${chosen}`,
          [...values, JSON.stringify(blank.row)],
        );
      if (vacuums) await clearDeadRows(pool, from, vacuum === "full");
      if (wal === "switch") await endLogSegment(pool);
    },
    async remnants(_record, now) {
      const until = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString();
      const remnants: Remnant[] = [];
      if (!vacuums && vacuum.keptDays > 0)
        remnants.push({ where: "dead rows", until: until(vacuum.keptDays) });
      if (wal !== "switch" && wal.keptDays > 0)
        remnants.push({ where: "write-ahead log", until: until(wal.keptDays) });
      return remnants;
    },
    async rectify(record, of, key, patch) {
      const table = mapping(record);
      const { from, where, values, spelling } = rowsOf(table, of);
      const columns = patchedColumns(table, record, patch);
      const changed = Object.fromEntries(
        Object.entries(patch).map(([field, value]) => [columnOf(table, record, field), value]),
      );
      const n = values.length;
      const set = columns.map((name) => `${name} = patch.${name}`).join(", ");
      try {
        const rows = await pool.query(
          `update ${from} as target set ${set} from jsonb_populate_record(null::${from}, $${n + 1}::jsonb) as patch
            where ${where} and ${spelling} and target.${sqlName(table.key)}::text = $${n + 2} returning 1`,
          [...values, JSON.stringify(changed), key],
        );
        return rows.rows.length > 0;
      } catch (cause) {
        if (isDataFault(cause)) throw new PrivacyError("ERR_INPUT_INVALID", { cause });
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
      }
    },
  };
}

function requireNames({ table, key, subject, tenant, columns = {} }: TableMapping): void {
  sqlTable(table);
  [key, subject, ...(tenant === undefined ? [] : [tenant]), ...Object.values(columns)].forEach(
    sqlName,
  );
}

function columnOf(
  { columns, subject }: TableMapping,
  record: PersonalRecord,
  field: string,
): string {
  if (columns !== undefined && Object.hasOwn(columns, field)) return columns[field]!;
  return field === subjectFieldName(record) ? subject : field;
}

/**
 * What a row's personal columns and the subject's become; undefined where the row goes.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for a value of a field that is neither personal nor the subject's.
 */
function blankOf(
  table: TableMapping,
  record: PersonalRecord,
): { readonly columns: readonly string[]; readonly row: RecordRow } | undefined {
  const { erase = "row" } = table;
  if (erase === "row") return undefined;
  const erased = Object.entries(record.fields).flatMap(([name, { kind }]) =>
    kind === "plain" || kind === "anchor" || kind === "tenant" ? [] : [name],
  );
  const set = Object.entries(erase === "columns" ? {} : erase.set);
  if (set.some(([field]) => !erased.includes(field)))
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: `record ${record.name}: erase.set is for personal fields and the subject`,
    });
  return {
    columns: [...new Set(erased.map((field) => columnOf(table, record, field)))].map(sqlName),
    row: Object.fromEntries(set.map(([field, value]) => [columnOf(table, record, field), value])),
  };
}

/**
 * How a person's rows are chosen. The columns are compared as what they are, so that their indexes serve; `spelling` says
 * whether their text is the id, letter by letter: a number, a UUID or a text without case takes several spellings for one.
 */
function rowsOf(
  { table, subject, tenant: tenantColumn }: TableMapping,
  { tenant, subjectId }: SubjectIdentity,
): {
  readonly from: string;
  readonly where: string;
  readonly spelling: string;
  readonly values: unknown[];
} {
  requireTenant(tenantColumn !== undefined, tenant);
  const pairs: readonly (readonly [column: string, value: string])[] = [
    [subject, subjectId],
    ...(tenantColumn === undefined ? [] : [[tenantColumn, tenant] as const]),
  ];
  const column = (i: number): string => `target.${sqlName(pairs[i]![0])}`;
  return {
    from: sqlTable(table),
    where: pairs.map((_, i) => `${column(i)} = $${2 * i + 1}`).join(" and "),
    spelling: pairs.map((_, i) => `${column(i)}::text collate "C" = $${2 * i + 2}`).join(" and "),
    values: pairs.flatMap(([, value]) => [value, value]),
  };
}

/** @throws PrivacyError `ERR_INPUT_INVALID` for an empty patch, an unknown field, or one that says whose row or which it is. */
function patchedColumns(
  table: TableMapping,
  record: PersonalRecord,
  patch: RecordRow,
): readonly string[] {
  const fixed = [table.key, table.subject, table.tenant];
  const columns = Object.keys(patch).map((field) => {
    const column = Object.hasOwn(record.fields, field) ? columnOf(table, record, field) : undefined;
    if (column === undefined || fixed.includes(column)) throw new PrivacyError("ERR_INPUT_INVALID");
    return sqlName(column);
  });
  if (columns.length === 0) throw new PrivacyError("ERR_INPUT_INVALID");
  return columns;
}

/** Two ids of ours would be one to the store: neither can be answered for. */
function spelledOtherwise(): PrivacyError {
  return new PrivacyError("ERR_CONFIG_INVALID", {
    detail: "the store takes this id for another spelling of one it holds",
  });
}
