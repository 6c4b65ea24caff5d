import type { PersonalRecord, Policy } from "@miniprivacy/core/policy";
import type { Database } from "./database/database.ts";
import type { GuardedTransports } from "./guard/guard-drill.ts";
import type { PrivacyOptions } from "./privacy.ts";

/** The options of `createPrivacy`; the database, keys and journal are those that the environment names unless given. */
export type PrivacyConfig<
  P extends Policy = Policy,
  Records extends readonly PersonalRecord<P>[] = readonly PersonalRecord<P>[],
> = Omit<PrivacyOptions<P, Records>, "database"> & {
  readonly database?: Database;
  /** For `miniprivacy check --guard`; serving makes no use of them (none). */
  readonly guardedTransports?: GuardedTransports;
};

/**
 * What `privacy.config.ts` exports by default, for `miniprivacy serve`. A function is called when serving begins: there
 * is the place to open connections.
 *
 * @example
 * export default definePrivacyConfig({ policy, records: [order], connectors: { shop }, authenticate: sessionOf })
 */
export function definePrivacyConfig<
  P extends Policy,
  const Records extends readonly PersonalRecord<P>[],
>(
  config: PrivacyConfig<P, Records> | (() => Promise<PrivacyConfig<P, Records>>),
): () => Promise<PrivacyConfig<P, Records>> {
  return typeof config === "function" ? config : () => Promise.resolve(config);
}
