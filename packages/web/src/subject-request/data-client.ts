import type { Call } from "../http/transport.ts";

/** A person's own rows by record name. */
export type OwnData = {
  readonly [record: string]: readonly { readonly [field: string]: unknown }[];
};

/** A value that the log commits to: SHA-256 (hex) over salt and canonical JSON, each length-prefixed. */
export interface ValueCommitment {
  readonly digest: string;
  /** 16 random bytes, base64url; kept by nobody but who is given it here. */
  readonly salt: string;
}

/** What became of a correction. */
export interface Correction {
  /** The fields that hold the new value everywhere; none while a store failed or refused. */
  readonly corrected: readonly string[];
  /** `corrected` and `accepted` have the new values; `failed`, `refused` and `not-asked` may hold the old ones. */
  readonly stores: readonly {
    readonly store: string;
    readonly outcome: "corrected" | "accepted" | "not-found" | "refused" | "failed" | "not-asked";
  }[];
  /** Null where no store showed a value. */
  readonly digests: readonly {
    readonly field: string;
    readonly before: ValueCommitment | null;
    readonly after: ValueCommitment | null;
  }[];
}

/** "My data": see, take away, correct. */
export interface DataClient {
  view(): Promise<OwnData>;
  /** One JSON document with consents, policy and all rows. */
  export(): Promise<object>;
  /** Corrects fields of one row. Asking again is safe, and what to do when `corrected` is empty. */
  rectify(record: string, id: string, patch: object): Promise<Correction>;
}

export function createDataClient(call: Call): DataClient {
  return {
    view: async () => (await call<{ records: OwnData }>("GET", "/data")).records,
    export: () => call<object>("GET", "/data/export"),
    rectify: (record, id, patch) =>
      call<Correction>("PUT", `/data/${encodeURIComponent(record)}/${encodeURIComponent(id)}`, {
        body: patch,
      }),
  };
}
