import type { Remnant } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { Connector, RecordRow } from "./connector.ts";

/** The host's own pool, as `pg` has it. */
export interface QueryPool {
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

export interface TableMapping {
  readonly table: string;
  /** Column of the primary key. */
  readonly key: string;
  /** Column that holds the subjectId. */
  readonly subject: string;
  /** Column of a field where the names differ. */
  readonly columns?: { readonly [field: string]: string };
}

export interface PostgresConnectorOptions {
  readonly pool: QueryPool;
  /** By record name. */
  readonly tables: { readonly [record: string]: TableMapping };
  /**
   * Clears dead rows after each erasure: `true` runs VACUUM, `'full'` rewrites the table (small tables only: it locks);
   * `false` leaves them to autovacuum, named as a remnant for a day (true).
   */
  readonly vacuum?: boolean | "full";
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
 * @throws TypeError when a name is not a plain SQL identifier.
 */
export function postgresConnector(options: PostgresConnectorOptions): Connector {
  const { pool, tables, vacuum = true, wal } = options;

  function mapping({ name }: { readonly name: string }): TableMapping {
    const found = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (found === undefined)
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: `record ${name} is not mapped` });
    return found;
  }

  function column(record: PersonalRecord, field: string): string {
    const { columns, subject } = mapping(record);
    if (columns !== undefined && Object.hasOwn(columns, field)) return identifier(columns[field]!);
    return identifier(field === subjectFieldName(record) ? subject : field);
  }

  const table = (record: PersonalRecord): string =>
    mapping(record).table.split(".").map(identifier).join(".");
  const ofSubject = (record: PersonalRecord): string =>
    `${identifier(mapping(record).subject)} = $1`;
  for (const name of Object.keys(tables))
    [...tables[name]!.table.split("."), tables[name]!.key, tables[name]!.subject].forEach(
      identifier,
    );

  return {
    kind: "database",
    records: Object.keys(tables),
    keyField(record) {
      const { key } = mapping(record);
      const field = Object.keys(record.fields).find(
        (name) => column(record, name) === identifier(key),
      );
      if (field === undefined)
        throw new PrivacyError("ERR_CONFIG_INVALID", {
          detail: `record ${record.name} lacks its key field`,
        });
      return field;
    },
    async describe(record) {
      const { table: name, subject } = mapping({ name: record });
      const { rows } = await pool.query("show server_version");
      return {
        selector: `${name}.${subject} = {subjectId}`,
        technique:
          vacuum === false ? "DELETE" : `DELETE, VACUUM${vacuum === "full" ? " FULL" : ""}`,
        tool: "PostgreSQL",
        toolVersion: rows[0]?.["server_version"] as string,
      };
    },
    async find(record, subjectId) {
      const fields = Object.keys(record.fields).map(
        (field) => `${column(record, field)} as ${identifier(field)}`,
      );
      const { rows } = await pool.query(
        `select ${fields.join(", ")} from ${table(record)} where ${ofSubject(record)}`,
        [subjectId],
      );
      return rows;
    },
    async count(record, subjectId) {
      const { rows } = await pool.query(
        `select count(*) as count from ${table(record)} where ${ofSubject(record)}`,
        [subjectId],
      );
      return Number(rows[0]?.["count"]);
    },
    async erase(record, subjectId) {
      await pool.query(`delete from ${table(record)} where ${ofSubject(record)}`, [subjectId]);
      if (vacuum !== false)
        await pool.query(`vacuum ${vacuum === "full" ? "full " : ""}${table(record)}`);
      if (wal === "switch") await endLogSegment(pool);
    },
    async remnants(_record, now) {
      const until = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString();
      const remnants: Remnant[] = [];
      if (vacuum === false) remnants.push({ where: "dead rows", until: until(1) });
      if (wal !== "switch" && wal.keptDays > 0)
        remnants.push({ where: "write-ahead log", until: until(wal.keptDays) });
      return remnants;
    },
    async rectify(record, subjectId, key, patch: RecordRow) {
      const entries = Object.entries(patch);
      const sets = entries.map(([field], i) => `${column(record, field)} = $${i + 3}`);
      const { rows } = await pool.query(
        `update ${table(record)} set ${sets.join(", ")} where ${ofSubject(record)} and ${identifier(mapping(record).key)}::text = $2 returning 1`,
        [subjectId, key, ...entries.map(([, value]) => sqlValue(value))],
      );
      return rows.length > 0;
    },
  };
}

/** Moves the log on and drops what it left behind, so that erased rows are in no segment. */
async function endLogSegment(pool: QueryPool): Promise<void> {
  const { rows } = await pool.query(
    `select current_setting('wal_recycle') as recycle, current_setting('archive_mode') as archive,
      (select count(*) from pg_replication_slots) as slots`,
  );
  const settings = rows[0];
  if (
    settings?.["recycle"] !== "off" ||
    settings["archive"] !== "off" ||
    Number(settings["slots"]) > 0
  ) {
    throw new PrivacyError("ERR_CONFIG_INVALID", {
      detail: "wal: 'switch' needs wal_recycle = off, no archive, no replicas",
    });
  }
  await pool.query("checkpoint");
  await pool.query("select pg_switch_wal()");
  await pool.query("checkpoint");
}

function identifier(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name))
    throw new TypeError("table and column names must be plain SQL identifiers");
  return `"${name}"`;
}

function sqlValue(value: unknown): unknown {
  return typeof value === "object" && value !== null && !(value instanceof Date)
    ? JSON.stringify(value)
    : value;
}
