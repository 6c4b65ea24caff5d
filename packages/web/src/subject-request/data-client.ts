import type { Call } from "../http/transport.ts";

/** A person's own rows by record name. */
export type OwnData = {
  readonly [record: string]: readonly { readonly [field: string]: unknown }[];
};

/** "My data": see, take away, correct. */
export interface DataClient {
  view(): Promise<OwnData>;
  /** One JSON document with consents, policy and all rows. */
  export(): Promise<object>;
  /** Corrects fields of one row; gives the names of the corrected fields. */
  rectify(record: string, id: string, patch: object): Promise<readonly string[]>;
}

export function createDataClient(call: Call): DataClient {
  return {
    view: async () => (await call<{ records: OwnData }>("GET", "/data")).records,
    export: () => call<object>("GET", "/data/export"),
    async rectify(record, id, patch) {
      const path = `/data/${encodeURIComponent(record)}/${encodeURIComponent(id)}`;
      return (await call<{ corrected: readonly string[] }>("PUT", path, { body: patch })).corrected;
    },
  };
}
