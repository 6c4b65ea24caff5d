import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { AccessLog } from "../access/access-log.ts";
import type { ConsentService } from "../consent/consent-service.ts";
import type { RecordRow } from "../connector/connector.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject } from "../subject/subject-store.ts";

/** A person's own data, by record name. */
export type SubjectData = { readonly [record: string]: readonly RecordRow[] };

export interface SubjectDataService {
  /** Everything the stores hold of this person (PIPL-45); a processor's copies of it are not shown again. */
  view(subject: SubjectIdentity): Promise<SubjectData>;
  /** The same as one JSON document to keep, with consents and the policy it stands under. */
  export(subject: SubjectIdentity): Promise<object>;
}

/** Named in the access log for reads by the subject herself. */
const OWN_ACCESS = "subject-access";

export function createSubjectDataService(
  runtime: Runtime,
  targets: readonly ErasureTarget[],
  consents: ConsentService,
  log: AccessLog,
): SubjectDataService {
  const { database, keys, policy } = runtime;

  async function view(subject: SubjectIdentity): Promise<SubjectData> {
    const data: { [record: string]: readonly RecordRow[] } = {};
    for (const { connector, record } of targets.filter((target) => isShown(target, targets))) {
      const rows = await connector.find(record, subject);
      data[record.name] = [
        ...(data[record.name] ?? []),
        ...rows.map((row) => declaredFields(record, row)),
      ];
    }
    const { tenant } = subject;
    // Looking makes nobody known: of whom nothing is kept there is no link, and none is made.
    const link = await findSubject(database.tables, keys.index, subject);
    const categories = Object.keys(policy.categories);
    const read = log.counter({
      tenant,
      subjectRef: link?.ref ?? null,
      purpose: OWN_ACCESS,
      categories,
      permitted: true,
      caller: "subject",
    });
    if (!log.count(read)) throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "access log" });
    return data;
  }

  async function exportData(subject: SubjectIdentity): Promise<object> {
    const { purposes: _, ...version } = runtime.published;
    return {
      type: "subject-data",
      schemaVersion: "1",
      exportedAt: new Date(runtime.now()).toISOString(),
      policy: version,
      consents: await consents.list(subject),
      records: await view(subject),
    };
  }

  return { view, export: exportData };
}

/** Not what cannot be read, and not what a processor holds of what a store of the controller's own shows already. */
function isShown({ connector, record }: ErasureTarget, targets: readonly ErasureTarget[]): boolean {
  const { kind, evidence = "read-back" } = connector;
  const own = targets.some(
    (other) => other.record.name === record.name && other.connector.kind !== "processor",
  );
  return evidence === "read-back" && !(kind === "processor" && own);
}

function declaredFields(record: PersonalRecord, row: RecordRow): RecordRow {
  return Object.fromEntries(
    Object.keys(record.fields).flatMap((field) => (field in row ? [[field, row[field]]] : [])),
  );
}
