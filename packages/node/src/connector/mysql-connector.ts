import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { askedOnce } from "./asked-once.ts";
import type { ErasureTechnique } from "./connector.ts";
import { subjectColumns } from "./joined-path.ts";
import { keyedPath } from "./keyed-path.ts";
import { keptRemnants } from "./kept-remnants.ts";
import { erasureOrder, requireMappings, subjectColumnsOf } from "./mapped-tables.ts";
import { missingIndexes } from "./missing-indexes.ts";
import { assigned, given } from "./mysql-assigned.ts";
import { mysqlBulk } from "./mysql-bulk.ts";
import { mysqlCatalog } from "./mysql-catalog.ts";
import { blankMysqlRows, eraseMysqlRows } from "./mysql-erasure.ts";
import { MYSQL_QUOTING, mysqlName } from "./mysql-name.ts";
import { isConstraint, isMysqlDataFault, type MysqlPool, mysqlRows } from "./mysql-pool.ts";
import { countFoundMysqlRows, countMysqlRows, findMysqlRows } from "./mysql-reading.ts";
import { bytesOf, chooseMysqlRows, type MysqlCall } from "./mysql-rows.ts";
import { mysqlSubjects } from "./mysql-subjects.ts";
import type { SqlConnector } from "./sql-connector.ts";
import { subjectPath } from "./subject-path.ts";
import {
  blankValues,
  clearedColumns,
  keyFieldOf,
  mappingOf,
  patchedColumns,
  selectorOf,
  type TableMapping,
  type Tables,
  techniqueOf,
  tenantsApart,
} from "./table-mapping.ts";

export interface MysqlConnectorOptions {
  readonly pool: MysqlPool;
  /** By record name. */
  readonly tables: Tables;
  /** How many days the undo log and free pages keep old rows: InnoDB purges them when no transaction needs them. */
  readonly undo: { readonly keptDays: number };
  /** How many days binary logs and replicas keep old rows; `'off'` for a server without, which is made sure of. */
  readonly binlog: { readonly keptDays: number } | "off";
}

/**
 * Connects tables of a MySQL or MariaDB database (tested on MariaDB 10.11).
 *
 * @throws TypeError when a name cannot be one; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that is no whole number of
 *   days, and for mappings that take rows from others or lead in a circle.
 */
export function mysqlConnector(options: MysqlConnectorOptions): SqlConnector {
  const { pool, tables, undo, binlog } = options;
  requireKeepDays(undo.keptDays, "undo.keptDays");
  if (binlog !== "off") requireKeepDays(binlog.keptDays, "binlog.keptDays");
  requireMappings(tables, MYSQL_QUOTING);
  const records = erasureOrder(tables);
  const catalog = mysqlCatalog(pool);
  const mapping = ({ name }: { readonly name: string }): TableMapping => mappingOf(tables, name);

  async function requireRules(): Promise<void> {
    if (binlog === "off") await requireNoBinlog(pool);
  }

  const mapped = Object.values(tables).map(({ table }) => table);
  const call = (subject: SubjectIdentity): MysqlCall => ({
    pool,
    known: { tables, catalog: askedOnce(catalog, mapped) },
    subject,
  });

  async function describe(names: readonly string[]): Promise<readonly ErasureTechnique[]> {
    const [row] = await mysqlRows(pool, "select version() as version");
    const toolVersion = String(row?.["version"]);
    const tool = toolVersion.includes("MariaDB") ? "MariaDB" : "MySQL";
    return names.map((name) => {
      const table = mappingOf(tables, name);
      return { selector: selectorOf(table), technique: techniqueOf(table), tool, toolVersion };
    });
  }

  return {
    kind: "database",
    records,
    separatesTenants: tenantsApart(tables),
    keyField: (record) => keyFieldOf(mapping(record), record),
    describe: async (record) => (await describe([record]))[0]!,
    find: (record, of) => findMysqlRows(call(of), record),
    count: async (record, of) => (await countMysqlRows(call(of), [record]))[0]!,
    async erase(record, of) {
      await requireRules();
      await eraseMysqlRows(call(of), record);
    },
    async eraseFields(record, of, fields) {
      await requireRules();
      if (fields.length === 0) return;
      const table = mapping(record);
      await blankMysqlRows(call(of), table, clearedColumns(table, record, fields));
    },
    atOnce: {
      describe,
      count: (some, of) => countMysqlRows(call(of), some),
      countFound: (some, of) => countFoundMysqlRows(call(of), some),
      async erase(some, of, counts) {
        await requireRules();
        const own = call(of);
        for (const [i, record] of some.entries()) await eraseMysqlRows(own, record, counts[i]);
      },
    },
    async *subjects(record) {
      const table = mapping(record);
      const path = await keyedPath(subjectPath(table), catalog);
      yield* mysqlSubjects(pool, subjectColumns({ mapping: table, path }, MYSQL_QUOTING));
    },
    missingIndexes: () => missingIndexes(tables, catalog),
    blankValues: (record) => blankValues(mapping(record)),
    bulk: mysqlBulk({ pool, tables, catalog }, requireRules),
    async remnants(_record, now) {
      return keptRemnants(now, {
        "undo log": undo.keptDays,
        "binary log": binlog === "off" ? 0 : binlog.keptDays,
      });
    },
    async rectify(record, of, key, patch) {
      const table = mapping(record);
      const fixed = subjectColumnsOf(table.table, tables);
      const changed = patchedColumns({ table, fixed }, record, patch);
      await requireStrict(pool);
      const { from, where, values } = await chooseMysqlRows(call(of), table);
      const only = `where ${where} and ${bytesOf(`target.${mysqlName(table.key)}`)} = ?`;
      const chosen = [...values, Buffer.from(key)];
      const found = await mysqlRows(pool, `select 1 from ${from} ${only}`, chosen);
      if (found.length === 0) return false;
      try {
        await pool.execute(`update ${from} set ${assigned(changed)} ${only}`, [
          ...given(changed),
          ...chosen,
        ]);
        return true;
      } catch (cause) {
        if (isMysqlDataFault(cause) || isConstraint(cause))
          throw new PrivacyError("ERR_INPUT_INVALID", { cause });
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
      }
    },
  };
}

/** Without it a text that does not fit would be cut off without a word. @throws PrivacyError `ERR_CONFIG_INVALID` */
async function requireStrict(pool: MysqlPool): Promise<void> {
  const [row] = await mysqlRows(pool, "select @@sql_mode as mode");
  if (/STRICT_(?:TRANS|ALL)_TABLES/.test(String(row?.["mode"]))) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "sql_mode is not strict" });
}

/** @throws PrivacyError `ERR_CONFIG_INVALID` where the server writes a binary log. */
async function requireNoBinlog(pool: MysqlPool): Promise<void> {
  const [row] = await mysqlRows(pool, "select @@log_bin as log");
  if (Number(row?.["log"]) === 0) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "the server writes a binary log" });
}
