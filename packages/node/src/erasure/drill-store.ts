import { type PersonalRecord, subjectFieldName } from "@miniprivacy/core/policy";
import type { Connector, RecordRow } from "../connector/connector.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";

/** A store in memory that holds nothing but whose its rows are. */
export interface DrillStore {
  readonly connector: Connector;
  /** Puts a row of every record into it. */
  plant(subject: SubjectIdentity): void;
  /** How many rows of hers it holds. */
  rowsOf(subject: SubjectIdentity): number;
}

export function createDrillStore(records: readonly PersonalRecord[]): DrillStore {
  let rows: readonly { readonly record: string; readonly of: SubjectIdentity }[] = [];
  const isOf = ({ tenant, subjectId }: SubjectIdentity, of: SubjectIdentity): boolean =>
    tenant === of.tenant && subjectId === of.subjectId;
  const find = ({ name }: PersonalRecord, subject: SubjectIdentity) =>
    rows.filter(({ record, of }) => record === name && isOf(subject, of));

  async function erase({ name }: PersonalRecord, subject: SubjectIdentity): Promise<void> {
    rows = rows.filter(({ record, of }) => record !== name || !isOf(subject, of));
  }

  return {
    plant: (of) => void (rows = [...rows, ...records.map(({ name }) => ({ record: name, of }))]),
    rowsOf: (subject) => rows.filter(({ of }) => isOf(subject, of)).length,
    connector: {
      kind: "database",
      records: records.map(({ name }) => name),
      separatesTenants: true,
      keyField: (record) => subjectFieldName(record),
      describe: async () => ({
        selector: "{subjectId}, {tenant}",
        technique: "filter",
        tool: "miniprivacy erasure drill",
        toolVersion: "1",
      }),
      find: async (record, subject): Promise<readonly RecordRow[]> =>
        find(record, subject).map(({ of }) => ({ [subjectFieldName(record)]: of.subjectId })),
      count: async (record, subject) => find(record, subject).length,
      erase,
      eraseFields: erase,
      blankValues: () => undefined,
      async *subjects({ name }) {
        for (const { record, of } of rows) if (record === name) yield of;
      },
      remnants: async () => [],
      rectify: async () => false,
    },
  };
}
