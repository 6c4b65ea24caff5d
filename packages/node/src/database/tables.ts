import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { Remnant, StepOutcome } from "@miniprivacy/core";

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;
type NullableBytes = ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>;
/** bigint: read as text. */
type BigInteger = ColumnType<string, number | string, number | string>;
type Moment = ColumnType<Date, Date | string, Date | string>;
type NullableMoment = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;

/** MiniPrivacy's own tables. Rows of a tenant have a key that starts with `tenant` (`''` = the only one). */
export interface Tables {
  /** The one link between a person and our records; deleted last. */
  subject: { tenant: string; lookup: Bytes; ref: string; epoch: number; created_at: Moment };
  /** The next epoch of a tenant: raised, never reused. */
  subject_epoch: { tenant: string; next_epoch: number };
  /** Fingerprints of the deployment's keys, so that no process starts with others. */
  deployment_key: { name: string; fingerprint: Bytes };
  log_head: { id: number; size: BigInteger; frontier: Bytes };
  log_leaf: { leaf_index: BigInteger; leaf_hash: Bytes };
  /** Body and blinding of a leaf; erased with the person, while the leaf stays. */
  log_event: {
    tenant: string;
    leaf_index: BigInteger;
    kind: string;
    subject_ref: string | null;
    /** Same key, same event: decided by a unique index. */
    dedupe_key: string | null;
    /** What the entry decides about, and whether it denies it. */
    topic: string | null;
    denies: boolean;
    body: Bytes;
    blinding: Bytes;
    /** The signed statement made with the event, e.g. a consent receipt. */
    statement: string | null;
    recorded_at: Moment;
  };
  /** Bodies kept as evidence after an erasure, sealed under the evidence key. */
  log_evidence: { tenant: string; leaf_index: BigInteger; sealed: Bytes; keep_until: Moment };
  access_log: {
    tenant: string;
    id: Generated<string>;
    at: Moment;
    subject_ref: string | null;
    purpose: string;
    categories: string[];
    permitted: boolean;
    reason: string | null;
    caller: string;
    count: number;
  };
  subject_request: {
    tenant: string;
    id: string;
    subject_ref: string;
    kind: string;
    state: string;
    request_key: string | null;
    token_hash: Bytes;
    received_at: Moment;
    due_at: Moment;
    commitment: string | null;
    commitment_salt: NullableBytes;
    commitment_salt_until: NullableMoment;
    /** The subjectId an erasure works on, sealed under a key made of `run_salt` and the MAC key; both gone once the run is over. */
    sealed_subject: NullableBytes;
    run_salt: NullableBytes;
    certificate_id: string | null;
  };
  erasure_step: {
    tenant: string;
    request_id: string;
    store: string;
    record: string;
    position: number;
    count_before: number | null;
    count_after: number | null;
    outcome: StepOutcome | null;
    /** Whether reading found, before erasing, what counting had counted. */
    read_path_proven: boolean;
    remnants: JSONColumnType<readonly Remnant[]>;
    until: NullableMoment;
    completed_at: NullableMoment;
  };
  certificate: {
    tenant: string;
    id: string;
    request_id: string;
    statement: string;
    leaf_index: BigInteger;
    issued_at: Moment;
  };
  breach: { tenant: string; id: string; record: JSONColumnType<object>; filed_at: Moment };
}
