import { PrivacyError } from "@miniprivacy/core/errors";

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
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE`; `ERR_CONFIG_INVALID` when a column cannot hold a value it is compared with.
 */
export async function ask(
  pool: QueryPool,
  text: string,
  values: unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  try {
    return (await pool.query(text, values)).rows;
  } catch (cause) {
    if (isDataFault(cause))
      throw new PrivacyError("ERR_CONFIG_INVALID", {
        detail: "a column cannot hold the id",
        cause,
      });
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { cause });
  }
}

/** SQLSTATE class 22: data exception. */
export function isDataFault(cause: unknown): boolean {
  return String((cause as { code?: unknown }).code).startsWith("22");
}
