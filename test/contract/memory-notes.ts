import type { BulkSelection, Connector, SubjectIdentity } from "@miniprivacy/node";
import type { ConnectorUnderContract, ContractRow } from "@miniprivacy/node/testing";

/** Notes in memory, as the contract's record has them. */
export interface Memory {
  rows: ContractRow[];
  /** What lies about in the store beside its rows. */
  readonly waste: string[];
}

export function isOf(row: ContractRow, { tenant, subjectId }: SubjectIdentity): boolean {
  return row.tenant === tenant && row.memberId === subjectId;
}

function isSelected(
  row: ContractRow,
  { tenant, fields }: BulkSelection,
  blank: string | null,
): boolean {
  return row.tenant === tenant && (fields === undefined || row.text !== blank);
}

/** @param blank What a text becomes when it is erased. */
export function memoryConnector(store: Memory, blank: string | null = ""): Connector {
  return {
    kind: "database",
    records: ["note"],
    separatesTenants: true,
    keyField: () => "name",
    async describe(record) {
      if (record !== "note") throw new Error("unknown record");
      return {
        selector: "note.memberId = {subjectId} and note.tenant = {tenant}",
        technique: "filter",
        tool: "memory",
        toolVersion: "1",
      };
    },
    find: async (_record, of) =>
      store.rows
        .filter((row) => isOf(row, of))
        .map(({ name, memberId, text }) => ({ name, memberId, text })),
    count: async (_record, of) => store.rows.filter((row) => isOf(row, of)).length,
    async erase(_record, of) {
      store.rows = store.rows.filter((row) => !isOf(row, of));
    },
    async eraseFields(_record, of, fields) {
      const erased = Object.fromEntries(fields.map((field) => [field, blank]));
      store.rows = store.rows.map((row) => (isOf(row, of) ? { ...row, ...erased } : row));
    },
    blankValues: () => ({ text: blank }),
    bulk: {
      async count(_record, selection) {
        const rows = store.rows.filter((row) => isSelected(row, selection, blank));
        return { rows: rows.length, persons: new Set(rows.map(({ memberId }) => memberId)).size };
      },
      async *erase(_record, selection) {
        const { fields } = selection;
        const selected = store.rows.filter((row) => isSelected(row, selection, blank));
        const erased = Object.fromEntries((fields ?? []).map((field) => [field, blank]));
        store.rows = store.rows.flatMap((row) => {
          if (!selected.includes(row)) return [row];
          return fields === undefined ? [] : [{ ...row, ...erased }];
        });
        yield selected.length;
      },
    },
    async *subjects() {
      for (const { tenant, memberId: subjectId } of store.rows) yield { tenant, subjectId };
    },
    remnants: async () => [],
    async rectify(_record, of, key, patch) {
      if (Object.keys(patch).some((field) => field !== "text")) throw new Error("fixed field");
      const at = store.rows.findIndex((row) => row.name === key && isOf(row, of));
      if (at >= 0) store.rows[at] = { ...store.rows[at]!, ...patch };
      return at >= 0;
    },
  };
}

export function memoryNotes(): ConnectorUnderContract {
  const store: Memory = { rows: [], waste: [] };
  return {
    connector: memoryConnector(store, null),
    plant: async (row) => void store.rows.push(row),
    all: async () => store.rows,
    close: async () => {},
  };
}
