import type { StoreKind } from "@miniprivacy/core/certificate";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { AccessLog } from "../access/access-log.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject } from "../subject/subject-store.ts";
import type { StoreFault } from "./ask-store.ts";
import type { ErasureTarget } from "./erasure-target.ts";
import { createStoreReader, type StoreReader } from "./store-reader.ts";

/** What an erasure would do with one record of one store. */
export interface PlannedErasure {
  readonly store: string;
  readonly record: string;
  readonly kind: StoreKind;
  readonly evidence: StoreReader["evidence"];
  /** Rows that would go; `null` where the store cannot be read, or did not answer. */
  readonly rows: number | null;
  /** Why it did not answer. */
  readonly fault: StoreFault | null;
  /** How rows are chosen, with placeholders in place of values. */
  readonly selector: string | null;
  readonly technique: string | null;
}

/** Named in the access log for what staff look up about a person. */
const HANDLE_REQUEST = "handle-request";

/**
 * Tells what an erasure would do, and changes nothing: no row is read. It leaves an entry in the access log, for whoever
 * asks learns where something is kept of a person.
 */
export function createErasurePlanner(
  { database, keys, policy }: Pick<Runtime, "database" | "keys" | "policy">,
  {
    targets,
    storeTimeoutMs,
  }: { readonly targets: readonly ErasureTarget[]; readonly storeTimeoutMs: number },
  log: AccessLog,
): (subject: SubjectIdentity) => Promise<readonly PlannedErasure[]> {
  return async (subject) => {
    const link = await findSubject(database.tables, keys.index, subject);
    const read = log.counter({
      tenant: subject.tenant,
      subjectRef: link?.ref ?? null,
      purpose: HANDLE_REQUEST,
      categories: Object.keys(policy.categories),
      permitted: true,
      caller: "command line",
    });
    if (!log.count(read)) throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "access log" });
    return Promise.all(targets.map((target) => planTarget(target, storeTimeoutMs, subject)));
  };
}

async function planTarget(
  target: ErasureTarget,
  timeoutMs: number,
  subject: SubjectIdentity,
): Promise<PlannedErasure> {
  const { store, connector, record } = target;
  const reader = createStoreReader(target, subject, timeoutMs);
  const { evidence } = reader;
  const counted = evidence === "read-back" ? await reader.count() : undefined;
  const described = await reader.describe();
  const fault = [counted, described].find((answer) => answer?.ok === false);
  return {
    store,
    record: record.name,
    kind: connector.kind,
    evidence,
    rows: counted?.ok ? counted.value : null,
    fault: fault?.ok === false ? fault.fault : null,
    selector: described.ok ? described.value.selector : null,
    technique: described.ok ? described.value.technique : null,
  };
}
