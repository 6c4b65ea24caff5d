import type { StoreKind } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { Connector } from "./connector.ts";
import { keptRemnants } from "./kept-remnants.ts";

export interface DeclaredConnectorOptions {
  /** What it is, e.g. `log` or `index`. */
  readonly kind: StoreKind;
  /** Names of the records that leave traces there. */
  readonly records: readonly string[];
  /** How a person's traces would be told, for certificates: `access log lines with {subjectId}`. */
  readonly selector: string;
  /** What drops them, with its version: `logrotate`, `3.21`. */
  readonly tool: string;
  readonly toolVersion: string;
  /** After how many days it drops what was written. */
  readonly keptDays: number;
}

/**
 * Names a store that nobody can erase from or read by person, and that drops what is old by itself: logs, a search index,
 * a queue. Certificates call it `residual-until` the day on which the last of it is gone, by the host's word.
 *
 * @throws TypeError for a selector without `{subjectId}`; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that is no whole
 *   number of days, or 0.
 */
export function declaredConnector(options: DeclaredConnectorOptions): Connector {
  const { kind, records, selector, tool, toolVersion, keptDays } = options;
  requireKeepDays(keptDays, "keptDays");
  if (keptDays === 0) throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "keptDays is 0" });
  if (!selector.includes("{subjectId}")) throw new TypeError("a selector names {subjectId}");
  return {
    kind,
    evidence: "declaration",
    records,
    // Nothing is done to anybody's rows here.
    separatesTenants: true,
    keyField: () => "",
    async describe(record) {
      if (!records.includes(record))
        throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "another record lies here" });
      return { selector, technique: `dropped by age after ${keptDays} days`, tool, toolVersion };
    },
    find: unreadable,
    count: unreadable,
    erase: async () => {},
    eraseFields: async () => {},
    blankValues: () => undefined,
    remnants: async (_record, now) => keptRemnants(now, { [tool]: keptDays }),
    rectify: async () => false,
  };
}

async function unreadable(): Promise<never> {
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "a declared store cannot be read" });
}
