import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { askedOnce } from "./asked-once.ts";
import type { ErasureTechnique } from "./connector.ts";
import { clearDeadRows } from "./dead-rows.ts";
import { givenRow } from "./given-row.ts";
import { subjectColumns } from "./joined-path.ts";
import { keyedPath } from "./keyed-path.ts";
import { keptRemnants } from "./kept-remnants.ts";
import { erasureOrder, requireMappings, subjectColumnsOf } from "./mapped-tables.ts";
import { missingIndexes } from "./missing-indexes.ts";
import { postgresBulk } from "./postgres-bulk.ts";
import { postgresCatalog } from "./postgres-catalog.ts";
import { blankRows, eraseRows } from "./postgres-erasure.ts";
import { countFoundRows, countRows, findRows } from "./postgres-reading.ts";
import { chooseRows, type SubjectCall } from "./postgres-rows.ts";
import { ask, isDataFault, type QueryPool } from "./query-pool.ts";
import { postgresSubjects } from "./postgres-subjects.ts";
import type { SqlConnector } from "./sql-connector.ts";
import { POSTGRES_QUOTING, sqlName, sqlTable } from "./sql-name.ts";
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

  const mapped = Object.values(tables).map(({ table }) => table);
  const call = (subject: SubjectIdentity): SubjectCall => ({
    pool,
    known: { tables, catalog: askedOnce(catalog, mapped) },
    subject,
  });

  async function clearRemnants(cleared: readonly string[]): Promise<void> {
    if (vacuums) await clearDeadRows(pool, cleared.map(sqlTable), vacuum === "full");
    if (wal === "switch") await endLogSegment(pool);
  }

  async function erase(
    records: readonly PersonalRecord[],
    of: SubjectIdentity,
    counts: readonly number[],
  ): Promise<void> {
    await clearRemnants(await eraseRows(call(of), records, counts));
  }

  const clearing = vacuums
    ? vacuum === "full"
      ? ", VACUUM FULL"
      : ", VACUUM FREEZE (space freed, not overwritten)"
    : "";

  async function describe(names: readonly string[]): Promise<readonly ErasureTechnique[]> {
    const [row] = await ask(pool, "show server_version");
    const toolVersion = row?.["server_version"] as string;
    return names.map((name) => {
      const table = mappingOf(tables, name);
      const technique = `${techniqueOf(table)}${clearing}`;
      return { selector: selectorOf(table), technique, tool: "PostgreSQL", toolVersion };
    });
  }

  return {
    kind: "database",
    records,
    separatesTenants: tenantsApart(tables),
    keyField: (record) => keyFieldOf(mapping(record), record),
    describe: async (record) => (await describe([record]))[0]!,
    find: (record, of) => findRows(call(of), record),
    count: async (record, of) => (await countRows(call(of), [record]))[0]!,
    erase: (record, of) => erase([record], of, [Infinity]),
    async eraseFields(record, of, fields) {
      if (fields.length === 0) return;
      const table = mapping(record);
      await blankRows(call(of), table, clearedColumns(table, record, fields));
      await clearRemnants([table.table]);
    },
    atOnce: {
      describe,
      count: (some, of) => countRows(call(of), some),
      countFound: (some, of) => countFoundRows(call(of), some),
      erase,
    },
    async *subjects(record) {
      const table = mapping(record);
      const path = await keyedPath(subjectPath(table), catalog);
      yield* postgresSubjects(pool, subjectColumns({ mapping: table, path }, POSTGRES_QUOTING));
    },
    missingIndexes: () => missingIndexes(tables, catalog),
    blankValues: (record) => blankValues(mapping(record)),
    bulk: postgresBulk({ pool, tables, catalog }, clearRemnants),
    async remnants(_record, now) {
      return keptRemnants(now, {
        "dead rows": vacuums ? 0 : vacuum.keptDays,
        "write-ahead log": wal === "switch" ? 0 : wal.keptDays,
      });
    },
    async rectify(record, of, key, patch) {
      const table = mapping(record);
      const { own, others, where, values, spelling } = await chooseRows(call(of), table);
      const fixed = subjectColumnsOf(table.table, tables);
      const changed = patchedColumns({ table, fixed }, record, patch);
      const n = values.length;
      const given = givenRow(table.table, changed, n + 1);
      try {
        const rows = await pool.query(
          `update ${own} set ${given.assigned} from ${[given.from, ...others].join(", ")}
            where ${where} and ${spelling} and target.${sqlName(table.key)}::text = $${n + 2} returning 1`,
          [...values, given.value, key],
        );
        return rows.rows.length > 0;
      } catch (cause) {
        if (isDataFault(cause)) throw new PrivacyError("ERR_INPUT_INVALID", { cause });
        throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
      }
    },
  };
}
