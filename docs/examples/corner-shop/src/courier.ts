import type { Connector, RecordRow } from "@miniprivacy/node";

/** The courier's own system: what was handed over with a parcel. Here in memory; in life somebody else's API. */
export interface Courier {
  readonly connector: Connector;
  handOver(parcel: RecordRow): void;
}

export function openCourier(): Courier {
  const parcels = new Map<unknown, RecordRow>();
  const of = (memberId: string): readonly RecordRow[] =>
    [...parcels.values()].filter((parcel) => parcel["memberId"] === memberId);
  return {
    handOver: (parcel) => void parcels.set(parcel["id"], parcel),
    connector: {
      kind: "processor",
      records: ["order"],
      separatesTenants: false,
      keyField: () => "id",
      describe: async () => ({
        selector: "parcels.memberId = {subjectId}",
        technique: "order to the courier",
        tool: "courier API",
        toolVersion: "1",
      }),
      find: async (_record, { subjectId }) => of(subjectId),
      count: async (_record, { subjectId }) => of(subjectId).length,
      async erase(_record, { subjectId }) {
        for (const { id } of of(subjectId)) parcels.delete(id);
      },
      async eraseFields(_record, { subjectId }, fields) {
        const blank = Object.fromEntries(fields.map((field) => [field, null]));
        for (const parcel of of(subjectId)) parcels.set(parcel["id"], { ...parcel, ...blank });
      },
      blankValues: () => ({}),
      remnants: async () => [],
      async rectify(_record, { subjectId }, key, patch) {
        const parcel = of(subjectId).find(({ id }) => id === key);
        if (parcel !== undefined) parcels.set(key, { ...parcel, ...patch });
        return parcel !== undefined;
      },
    },
  };
}
