import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import type { Connector } from "./connector.ts";
import { clearDeadRows } from "./dead-rows.ts";
import { keptRemnants } from "./kept-remnants.ts";
import { ask, isDataFault, type QueryPool } from "./query-pool.ts";
import { requireTenant } from "./require-tenant.ts";
import { sqlName, sqlTable } from "./sql-name.ts";
import {
  blankColumns,
  blankValues,
  clearedColumns,
  columnNames,
  columnOf,
  keyFieldOf,
  mappingOf,
  patchedColumns,
  recordRow,
  selectorOf,
  spelledOtherwise,
  subjectColumns,
  type TableMapping,
  type Tables,
  techniqueOf,
  tenantsApart,
} from "./table-mapping.ts";
import { endLogSegment } from "./write-ahead-log.ts";

export interface PostgresConnectorOptions {
  readonly pool: QueryPool;
  /** By record name. */
  readonly tables: Tables;
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
  const mapping = ({ name }: { readonly name: string }): TableMapping => mappingOf(tables, name);

  /** Gives columns of a person's rows other values, where they have not got them. */
  async function blankRows(
    table: TableMapping,
    of: SubjectIdentity,
    blank: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    const { from, where, values, spelling } = rowsOf(table, of);
    await ask(
      pool,
      `update ${from} as target set ${assigned(blank)} from ${rowFrom(from, values.length + 1)}
        where ${where} and ${spelling} and (${differing(blank)})`,
      [...values, rowOf(blank)],
    );
  }

  async function clearRemnants(from: string): Promise<void> {
    if (vacuums) await clearDeadRows(pool, from, vacuum === "full");
    if (wal === "switch") await endLogSegment(pool);
  }

  return {
    kind: "database",
    records: Object.keys(tables),
    separatesTenants: tenantsApart(tables),
    keyField: (record) => keyFieldOf(mapping(record), record),
    async describe(record) {
      const table = mappingOf(tables, record);
      const [row] = await ask(pool, "show server_version");
      return {
        selector: selectorOf(table),
        technique: `${techniqueOf(table)}${vacuums ? (vacuum === "full" ? ", VACUUM FULL" : ", VACUUM FREEZE (space freed, not overwritten)") : ""}`,
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
      return rows.map((row) => recordRow(record, of.subjectId, row));
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
      const blank = blankColumns(table, record);
      if (blank === undefined)
        await ask(pool, `delete from ${from} as target where ${where} and ${spelling}`, values);
      else await blankRows(table, of, blank);
      await clearRemnants(from);
    },
    async eraseFields(record, of, fields) {
      if (fields.length === 0) return;
      const table = mapping(record);
      await blankRows(table, of, clearedColumns(table, record, fields));
      await clearRemnants(sqlTable(table.table));
    },
    blankValues: (record) => blankValues(mapping(record)),
    async remnants(_record, now) {
      return keptRemnants(now, {
        "dead rows": vacuums ? 0 : vacuum.keptDays,
        "write-ahead log": wal === "switch" ? 0 : wal.keptDays,
      });
    },
    async rectify(record, of, key, patch) {
      const table = mapping(record);
      const { from, where, values, spelling } = rowsOf(table, of);
      const changed = patchedColumns(table, record, patch);
      const n = values.length;
      try {
        const rows = await pool.query(
          `update ${from} as target set ${assigned(changed)} from ${rowFrom(from, n + 1)}
            where ${where} and ${spelling} and target.${sqlName(table.key)}::text = $${n + 2} returning 1`,
          [...values, rowOf(changed), key],
        );
        return rows.rows.length > 0;
      } catch (cause) {
        if (isDataFault(cause)) throw new PrivacyError("ERR_INPUT_INVALID", { cause });
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
      }
    },
  };
}

function requireNames(mapping: TableMapping): void {
  sqlTable(mapping.table);
  columnNames(mapping).forEach(sqlName);
}

/** Columns take their values from a row of the table's own type, which JSON is read into. */
function assigned(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), sqlName)
    .map((name) => `${name} = given.${name}`)
    .join(", ");
}

/** As texts: not every type can be compared. */
function differing(columns: ReadonlyMap<string, unknown>): string {
  return Array.from(columns.keys(), sqlName)
    .map((name) => `target.${name}::text is distinct from given.${name}::text`)
    .join(" or ");
}

function rowFrom(table: string, parameter: number): string {
  return `jsonb_populate_record(null::${table}, $${parameter}::jsonb) as given`;
}

function rowOf(columns: ReadonlyMap<string, unknown>): string {
  return JSON.stringify(Object.fromEntries(columns));
}

/**
 * How a person's rows are chosen. The columns are compared as what they are, so that their indexes serve; `spelling` says
 * whether their text is the id, letter by letter: a number, a UUID or a text without case takes several spellings for one.
 */
function rowsOf(
  mapping: TableMapping,
  subject: SubjectIdentity,
): {
  readonly from: string;
  readonly where: string;
  readonly spelling: string;
  readonly values: unknown[];
} {
  requireTenant(mapping.tenant !== undefined, subject.tenant);
  const pairs = subjectColumns(mapping, subject);
  const column = (i: number): string => `target.${sqlName(pairs[i]![0])}`;
  return {
    from: sqlTable(mapping.table),
    where: pairs.map((_, i) => `${column(i)} = $${2 * i + 1}`).join(" and "),
    spelling: pairs.map((_, i) => `${column(i)}::text collate "C" = $${2 * i + 2}`).join(" and "),
    values: pairs.flatMap(([, value]) => [value, value]),
  };
}
