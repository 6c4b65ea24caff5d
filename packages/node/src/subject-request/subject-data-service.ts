import { PrivacyError } from "@miniprivacy/core/errors";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { AccessLog } from "../access/access-log.ts";
import type { ConsentService } from "../consent/consent-service.ts";
import type { RecordRow } from "../connector/connector.ts";
import type { ErasureTarget } from "../erasure/erasure-target.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { Runtime } from "../runtime.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { findSubject, linkSubject } from "../subject/subject-store.ts";

/** A person's own data, by record name. */
export type SubjectData = { readonly [record: string]: readonly RecordRow[] };

export interface SubjectDataService {
  /** Everything the stores hold of this person (PIPL-45); a processor's copies of it are not shown again. */
  view(subject: SubjectIdentity): Promise<SubjectData>;
  /** The same as one JSON document to keep, with consents and the policy it stands under. */
  export(subject: SubjectIdentity): Promise<object>;
  /**
   * Corrects fields of one row in every store that holds it.
   *
   * @returns The names of the corrected fields, or undefined when the person has no such row.
   * @throws PrivacyError `ERR_INPUT_INVALID` for a field that is unknown, not hers to change, or of the wrong type
   */
  rectify(
    subject: SubjectIdentity,
    record: string,
    key: string,
    patch: unknown,
  ): Promise<readonly string[] | undefined>;
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

  async function rectify(
    subject: SubjectIdentity,
    name: string,
    key: string,
    input: unknown,
  ): Promise<readonly string[] | undefined> {
    const holders = targets.filter(({ record }) => record.name === name);
    if (holders[0] === undefined) return undefined;
    const patch = await checkPatch(holders[0].record, input);
    const found = await Promise.all(
      holders.map(({ connector, record }) => connector.rectify(record, subject, key, patch)),
    );
    if (!found.some(Boolean)) return undefined;
    await recordRectification(subject, name, Object.keys(patch));
    return Object.keys(patch);
  }

  async function recordRectification(
    subject: SubjectIdentity,
    record: string,
    fields: readonly string[],
  ): Promise<void> {
    const at = new Date(runtime.now());
    const { tenant } = subject;
    const content = {
      type: "rectification",
      schemaVersion: "1",
      record,
      fields,
      at: at.toISOString(),
    };
    const kind = "rectification";
    await runtime.log.transaction(async ({ unit, append }) => {
      await lockLogHead(unit);
      const { ref } = await linkSubject(unit, keys.index, subject, at);
      await append({ tenant, kind, subjectRef: ref, dedupeKey: null, content }, at);
    });
  }

  return { view, export: exportData, rectify };
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

/** What the subject corrects, checked by the record's own schema. */
async function checkPatch({ fields }: PersonalRecord, input: unknown): Promise<RecordRow> {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw invalid("type", "");
  const entries = Object.entries(input);
  if (entries.length === 0) throw invalid("empty", "");
  const checked: { [field: string]: unknown } = {};
  for (const [name, value] of entries) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field?.kind !== "personal") throw invalid("unknown-field", "*");
    // Requirement WX-4.4.7a: she corrects by herself what she may correct.
    if ((field.rectify ?? "self") !== "self") throw invalid("not-self-service", name);
    const result = await field.schema["~standard"].validate(value);
    if (result.issues !== undefined) throw invalid("type", name);
    checked[name] = result.value;
  }
  return checked;
}

function invalid(code: string, schemaPath: string): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { issues: [{ code, schemaPath }] });
}
