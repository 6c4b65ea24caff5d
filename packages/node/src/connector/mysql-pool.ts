import { PrivacyError } from "@miniprivacy/core/errors";
import { pastDeadlocks } from "./past-deadlocks.ts";
import { constraintForbids } from "./table-mapping.ts";

/** The host's own pool, as `mysql2/promise` has it. Its connections must use `utf8mb4`. */
export interface MysqlPool {
  execute(text: string, values?: MysqlValues): Promise<[unknown, unknown]>;
}

export type MysqlRows = readonly Record<string, unknown>[];
export type MysqlValues = (string | number | Buffer | Date | null)[];

/** @throws PrivacyError as `askMysql`. */
export async function mysqlRows(
  pool: MysqlPool,
  text: string,
  values: MysqlValues = [],
): Promise<MysqlRows> {
  return (await askMysql(pool, text, values)) as MysqlRows;
}

/**
 * Asks the host's database. What it says of a failure may quote values: it stays with the process as the cause.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE`; `ERR_CONFIG_INVALID` when a constraint forbids what is asked.
 */
export async function askMysql(
  pool: MysqlPool,
  text: string,
  values: MysqlValues,
): Promise<unknown> {
  try {
    return (await pastDeadlocks(isDeadlock, () => pool.execute(text, values)))[0];
  } catch (cause) {
    if (isConstraint(cause)) throw constraintForbids(cause);
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}

/** How many rows a DELETE has deleted, or an UPDATE changed. */
export function affectedRows(answer: unknown): number {
  return (answer as { readonly affectedRows: number }).affectedRows;
}

/** SQLSTATE 40001, which MySQL gives to the one it chose. */
function isDeadlock(cause: unknown): boolean {
  return (cause as { sqlState?: unknown }).sqlState === "40001";
}

/** SQLSTATE class 23, which MySQL gives to NOT NULL, UNIQUE and foreign keys. */
export function isConstraint(cause: unknown): boolean {
  return String((cause as { sqlState?: unknown }).sqlState).startsWith("23");
}

/** SQLSTATE class 22, and a text its column's character set does not have. */
export function isMysqlDataFault(cause: unknown): boolean {
  const { sqlState, errno } = cause as { readonly sqlState?: unknown; readonly errno?: unknown };
  return String(sqlState).startsWith("22") || errno === 1366 || errno === 1265;
}
