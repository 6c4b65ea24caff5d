import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { clearDeadRows } from "./dead-rows.ts";
import { planDeletion, type Unlink } from "./deletion-plan.ts";
import {
  equal,
  type JoinedPath,
  joinSubject,
  type Lead,
  ledTo,
  subjectColumns,
} from "./joined-path.ts";
import { keptRemnants } from "./kept-remnants.ts";
import { keyedPath } from "./keyed-path.ts";
import { leadsToChanged, stillLedTo } from "./leads.ts";
import { erasureOrder, requireMappings, subjectColumnsOf } from "./mapped-tables.ts";
import { missingIndexes } from "./missing-indexes.ts";
import { postgresCatalog } from "./postgres-catalog.ts";
import { ask, isDataFault, type QueryPool } from "./query-pool.ts";
import { postgresSubjects } from "./postgres-subjects.ts";
import { requireTenant } from "./require-tenant.ts";
import type { SqlConnector } from "./sql-connector.ts";
import { POSTGRES_QUOTING, sqlName, sqlTable } from "./sql-name.ts";
import { subjectPath } from "./subject-path.ts";
import {
  blankColumns,
  blankValues,
  clearedColumns,
  columnOf,
  keyFieldOf,
  mappingOf,
  patchedColumns,
  recordRow,
  selectorOf,
  spelledOtherwise,
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
 *   days, and for mappings that take rows from others or lead in a circle.
 */
export function postgresConnector(options: PostgresConnectorOptions): SqlConnector {
  const { pool, tables, vacuum = true, wal } = options;
  const vacuums = vacuum === true || vacuum === "full";
  if (!vacuums) requireKeepDays(vacuum.keptDays, "vacuum.keptDays");
  if (wal !== "switch") requireKeepDays(wal.keptDays, "wal.keptDays");
  requireMappings(tables, POSTGRES_QUOTING);
  const records = erasureOrder(tables);
  const catalog = postgresCatalog(pool);
  const mapping = ({ name }: { readonly name: string }): TableMapping => mappingOf(tables, name);

  async function rowsOf(
    table: TableMapping,
    of: SubjectIdentity,
    { alias, first } = { alias: "target", first: 1 },
  ): Promise<ChosenRows> {
    requireTenant(table.tenant !== undefined, of.tenant);
    const path = await keyedPath(subjectPath(table), catalog);
    const joined = joinSubject({ mapping: table, path }, of, { alias, sql: POSTGRES_QUOTING });
    return chosenRows(joined, first);
  }

  /** Gives columns of a person's rows other values, where they have not got them. */
  async function blankRows(
    table: TableMapping,
    of: SubjectIdentity,
    blank: ReadonlyMap<string, unknown>,
  ): Promise<void> {
    const rows = await rowsOf(table, of);
    const leads = await leadsToChanged(table, [...blank.keys()], { tables, catalog });
    const { own, others, where, spelling, values } = rows;
    const given = rowFrom(sqlTable(table.table), values.length + 1);
    await ask(
      pool,
      `update ${own} set ${assigned(blank)} from ${[given, ...others].join(", ")}
        where ${where} and ${spelling} and (${differing(blank)})${unled(leads)}`,
      [...values, rowOf(blank)],
    );
    await requireNoneLed(rows, leads);
  }

  async function deleteRows(table: TableMapping, of: SubjectIdentity): Promise<readonly string[]> {
    const rows = await rowsOf(table, of);
    const { unlinks, leads, cascaded } = await planDeletion(table, { tables, catalog });
    for (const unlink of unlinks) await unlinkRows(unlink, table, of);
    const { own, others, where, spelling, values } = rows;
    const using = others.length === 0 ? "" : ` using ${others.join(", ")}`;
    await ask(
      pool,
      `delete from ${own}${using} where ${where} and ${spelling}${unled(leads)}`,
      values,
    );
    await requireNoneLed(rows, leads);
    return cascaded;
  }

  async function unlinkRows(
    { child, columns, links }: Unlink,
    table: TableMapping,
    of: SubjectIdentity,
  ): Promise<void> {
    const rows = await rowsOf(child, of);
    const gone = await rowsOf(table, of, { alias: "gone", first: rows.values.length + 1 });
    const linked = links.map(
      ([column, key]) => [`target.${sqlName(column)}`, `gone.${sqlName(key)}`] as const,
    );
    await ask(
      pool,
      `update ${rows.own} set ${columns.map((column) => `${sqlName(column)} = null`).join(", ")}
        from ${[...rows.others, gone.own, ...gone.others].join(", ")}
        where ${rows.where} and ${rows.spelling} and ${gone.where} and ${gone.spelling} and ${equal(linked)}`,
      [...rows.values, ...gone.values],
    );
  }

  /** Rows that others lead to were left as they are. */
  async function requireNoneLed(rows: ChosenRows, leads: readonly Lead[]): Promise<void> {
    const led = ledTo(leads, POSTGRES_QUOTING);
    if (led === undefined) return;
    const { from, where, spelling, values } = rows;
    const left = await ask(
      pool,
      `select 1 from ${from} where ${where} and ${spelling} and ${led} limit 1`,
      values,
    );
    if (left.length > 0) throw stillLedTo(leads);
  }

  async function clearRemnants(...names: readonly string[]): Promise<void> {
    if (vacuums)
      for (const name of names) await clearDeadRows(pool, sqlTable(name), vacuum === "full");
    if (wal === "switch") await endLogSegment(pool);
  }

  return {
    kind: "database",
    records,
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
      const table = mapping(record);
      const { from, where, values, spelling } = await rowsOf(table, of);
      // Aliases of our own: PostgreSQL would cut long field names off.
      const columns = Object.keys(record.fields).map(
        (field, i) => `target.${sqlName(columnOf(table, record, field))} as f${i}`,
      );
      const rows = await ask(
        pool,
        `select ${columns.join(", ")}, ${spelling} as spelt from ${from} where ${where}`,
        values,
      );
      if (rows.some(({ spelt }) => spelt !== true)) throw spelledOtherwise();
      return rows.map((row) => recordRow(record, of.subjectId, row));
    },
    async count(record, of) {
      const { from, where, values, spelling } = await rowsOf(mapping(record), of);
      const [row] = await ask(
        pool,
        `select count(*) as count, coalesce(bool_and(${spelling}), true) as spelt from ${from} where ${where}`,
        values,
      );
      if (row?.["spelt"] !== true) throw spelledOtherwise();
      return Number(row["count"]);
    },
    async erase(record, of) {
      const table = mapping(record);
      const blank = blankColumns(table, record);
      if (blank === undefined) {
        const cascaded = await deleteRows(table, of);
        await clearRemnants(table.table, ...cascaded);
      } else {
        await blankRows(table, of, blank);
        await clearRemnants(table.table);
      }
    },
    async eraseFields(record, of, fields) {
      if (fields.length === 0) return;
      const table = mapping(record);
      await blankRows(table, of, clearedColumns(table, record, fields));
      await clearRemnants(table.table);
    },
    async *subjects(record) {
      const table = mapping(record);
      const path = await keyedPath(subjectPath(table), catalog);
      yield* postgresSubjects(pool, subjectColumns({ mapping: table, path }, POSTGRES_QUOTING));
    },
    missingIndexes: () => missingIndexes(tables, catalog),
    blankValues: (record) => blankValues(mapping(record)),
    async remnants(_record, now) {
      return keptRemnants(now, {
        "dead rows": vacuums ? 0 : vacuum.keptDays,
        "write-ahead log": wal === "switch" ? 0 : wal.keptDays,
      });
    },
    async rectify(record, of, key, patch) {
      const table = mapping(record);
      const { own, others, where, values, spelling } = await rowsOf(table, of);
      const fixed = subjectColumnsOf(table.table, tables);
      const changed = patchedColumns({ table, fixed }, record, patch);
      const n = values.length;
      const given = rowFrom(sqlTable(table.table), n + 1);
      try {
        const rows = await pool.query(
          `update ${own} set ${assigned(changed)} from ${[given, ...others].join(", ")}
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

/** For the end of a WHERE: not the rows others lead to. */
function unled(leads: readonly Lead[]): string {
  const led = ledTo(leads, POSTGRES_QUOTING);
  return led === undefined ? "" : ` and not ${led}`;
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
interface ChosenRows {
  /** What FROM lists: the table, and those by way of which its rows are found. */
  readonly from: string;
  readonly own: string;
  readonly others: readonly string[];
  readonly where: string;
  readonly spelling: string;
  readonly values: readonly unknown[];
}

function chosenRows({ tables, joins, values }: JoinedPath, first: number): ChosenRows {
  const [own, ...others] = tables as readonly [string, ...string[]];
  const held = values.map(
    ([column], i) => [column, `$${first + 2 * i}`, `$${first + 2 * i + 1}`] as const,
  );
  return {
    from: tables.join(", "),
    own,
    others,
    where: equal([...joins, ...held.map(([column, value]) => [column, value] as const)]),
    spelling: held.map(([column, , text]) => `${column}::text collate "C" = ${text}`).join(" and "),
    values: values.flatMap(([, value]) => [value, value]),
  };
}
