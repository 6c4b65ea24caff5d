import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { BulkErasure, BulkSelection } from "../connector/bulk-erasure.ts";
import type { Connector } from "../connector/connector.ts";
import { filledRows } from "../erasure/store-reader.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";

/** How a connector erases for everybody: by itself, or one subject after the other; undefined where neither will do. */
export function bulkOf(
  connector: Connector,
  { collected }: BulkSelection,
): BulkErasure | undefined {
  if (connector.bulk !== undefined) return connector.bulk;
  // Rows of one subject go together: those collected later could not be left out.
  if (connector.subjects === undefined || collected !== undefined) return undefined;
  return bulkBySubject(connector);
}

function bulkBySubject(connector: Connector): BulkErasure {
  /** Everybody of a tenant with rows to erase, each once. */
  async function* holders(
    record: PersonalRecord,
    { tenant, fields }: BulkSelection,
  ): AsyncIterable<{ readonly subject: SubjectIdentity; readonly rows: number }> {
    const seen = new Set<string>();
    for await (const subject of connector.subjects!(record)) {
      if (subject.tenant !== tenant || seen.has(subject.subjectId)) continue;
      seen.add(subject.subjectId);
      const found = await connector.find(record, subject);
      const rows = filledRows({ connector, record, fields }, found)?.length ?? 0;
      if (rows > 0) yield { subject, rows };
    }
  }

  return {
    async count(record, selection) {
      let rows = 0;
      let persons = 0;
      for await (const holder of holders(record, selection)) {
        rows += holder.rows;
        persons++;
      }
      return { rows, persons };
    },
    async *erase(record, selection) {
      const { fields } = selection;
      for await (const { subject, rows } of holders(record, selection)) {
        if (fields === undefined) await connector.erase(record, subject);
        else await connector.eraseFields(record, subject, fields);
        yield rows;
      }
    },
  };
}
