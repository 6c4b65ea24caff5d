import type { StoreKind } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import { requireKeepDays } from "../retention/keep-days.ts";
import type { Connector } from "./connector.ts";
import { keptRemnants } from "./kept-remnants.ts";

export interface ManualConnectorOptions {
  /** What it is, e.g. `processor` or `file`. */
  readonly kind: StoreKind;
  /** Names of the records that are kept there. */
  readonly records: readonly string[];
  /** How a person's data is found there: `rows of {subjectId} in the call centre's sheet`. */
  readonly selector: string;
  /** What is to be done, as officers and certificates read it: `delete the rows and empty the bin`. */
  readonly task: string;
  /** How many days backups there keep what was erased. */
  readonly keptDays: number;
}

/**
 * Names a store that only people can erase from. An erasure or a withdrawal files a task for the privacy officer, with the
 * due date of its request, and stays open until she has answered (`GET`, `POST /staff/tasks`). Her word is an
 * acknowledgement: the outcome is `accepted-by-store`.
 *
 * @throws TypeError for a selector without `{subjectId}`, or no task; PrivacyError `ERR_CONFIG_INVALID` for `keptDays` that
 *   is no whole number of days.
 */
export function manualConnector(options: ManualConnectorOptions): Connector {
  const { kind, records, selector, task, keptDays } = options;
  requireKeepDays(keptDays, "keptDays");
  if (!selector.includes("{subjectId}")) throw new TypeError("a selector names {subjectId}");
  if (task === "") throw new TypeError("a task says what is to be done");
  return {
    kind,
    evidence: "filed-answer",
    records,
    // The task names the tenant.
    separatesTenants: true,
    keyField: () => "",
    async describe(record) {
      if (!records.includes(record))
        throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "another record lies here" });
      return { selector, technique: `by hand: ${task}`, tool: "people", toolVersion: "1" };
    },
    find: byHand,
    count: byHand,
    erase: byHand,
    eraseFields: byHand,
    blankValues: () => undefined,
    remnants: async (_record, now) => keptRemnants(now, { backups: keptDays }),
    rectify: async () => false,
  };
}

async function byHand(): Promise<never> {
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "people do it" });
}
