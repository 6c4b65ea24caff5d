import { PrivacyError } from "@miniprivacy/core/errors";
import { pastDeadlocks } from "./past-deadlocks.ts";
import { constraintForbids } from "./table-mapping.ts";

/** The host's own pool, as `pg` has it. */
export interface QueryPool {
  query(
    text: string,
    values?: unknown[],
  ): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

/**
 * Asks the host's database. What it says of a failure may quote values: it stays with the process as the cause.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE`; `ERR_CONFIG_INVALID` when a column cannot hold a value it is compared with,
 *   or a constraint of the table forbids what is asked.
 */
export async function ask(
  pool: QueryPool,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  try {
    return (await pastDeadlocks(isDeadlock, () => pool.query(text, [...values]))).rows;
  } catch (cause) {
    if (isDataFault(cause))
      throw new PrivacyError("ERR_CONFIG_INVALID", {
        detail: "a column cannot hold the id",
        cause,
      });
    if (sqlState(cause).startsWith("23")) throw constraintForbids(cause);
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}

/** SQLSTATE 40P01. */
function isDeadlock(cause: unknown): boolean {
  return sqlState(cause) === "40P01";
}

/** SQLSTATE class 22: data exception. */
export function isDataFault(cause: unknown): boolean {
  return sqlState(cause).startsWith("22");
}

function sqlState(cause: unknown): string {
  return String((cause as { code?: unknown }).code);
}
