import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { DataSelector, Remnant, StepOutcome } from "@miniprivacy/core";
import type { DemandTrigger } from "../demand/demand.ts";
import type { StoreFault } from "../erasure/ask-store.ts";
import type { ErasureAnswer } from "../erasure/erasure-step.ts";
import type { ScopeDescription } from "../erasure/erasure-target.ts";

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;
type NullableBytes = ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>;
/** bigint: read as text, written and compared as a number. */
type BigInteger = ColumnType<number | string, number | string, number | string>;
type Moment = ColumnType<Date, Date | string, Date | string>;
type NullableText = ColumnType<string | null, string | null | undefined, string | null>;
type NullableMoment = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;

/** MiniPrivacy's own tables. Rows of a tenant have a key that starts with `tenant` (`''` = the only one). */
export interface Tables {
  /** The one link between a person and our records; deleted last. A device has one too, until it is a person's. */
  subject: {
    tenant: string;
    lookup: Bytes;
    ref: string;
    epoch: number;
    created_at: Moment;
    /** Of a device: the ref of the person it was linked to. It records nothing from then on. */
    linked_to: string | null;
  };
  /** The next epoch of a tenant: raised, never reused. */
  subject_epoch: { tenant: string; next_epoch: number };
  /** Fingerprints of the deployment's keys, so that no process starts with others. */
  deployment_key: { name: string; fingerprint: Bytes };
  log_head: { id: number; size: BigInteger; frontier: Bytes };
  /** The newest signed checkpoint. */
  log_checkpoint: { id: number; size: BigInteger; note: string };
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
    /** Whom the data went to, where it left for somebody else. */
    recipient: string | null;
    count: number;
  };
  /** What officers put on file: platform authorizations, platform orders, undertakings of staff. */
  filing: {
    tenant: string;
    kind: string;
    id: string;
    record: JSONColumnType<object>;
    filed_at: Moment;
    ended_at: NullableMoment;
  };
  subject_request: {
    tenant: string;
    id: string;
    subject_ref: string;
    kind: string;
    /** Of a withdrawal: the purpose. */
    purpose: NullableText;
    state: string;
    token_hash: Bytes;
    received_at: Moment;
    due_at: Moment;
    commitment: string | null;
    /** Sealed under a key of ours: beside the commitment in the clear it would let anybody try names. */
    commitment_salt: NullableBytes;
    commitment_salt_until: NullableMoment;
    certificate_id: string | null;
    /** Raised by every process that takes the erasure up; see erasure-claim. */
    fence: Generated<number>;
    claimed_until: NullableMoment;
    /** Until when the host has put an erasure off, and what it tells the person. */
    postponed_until: NullableMoment;
    postponed_reason: NullableText;
  };
  /** Which request a client's key opened; by keyed digest, so that a retry finds it when the person's link is gone. */
  subject_request_key: { tenant: string; digest: Bytes; request_id: string };
  /**
   * The subjectId an open erasure works on, sealed under a key made of `run_salt` and the MAC key. A table of its own: it
   * is small, so it can be written anew when a row goes.
   */
  erasure_seal: { tenant: string; request_id: string; sealed_subject: Bytes; run_salt: Bytes };
  erasure_step: {
    tenant: string;
    request_id: string;
    store: string;
    record: string;
    position: number;
    count_before: number | null;
    count_after: number | null;
    outcome: StepOutcome | null;
    /** Whether reading found rows before erasing, and as many as counting had counted. */
    read_path_proven: boolean;
    remnants: JSONColumnType<readonly Remnant[]>;
    until: NullableMoment;
    completed_at: NullableMoment;
    /** Attempts that failed since the last that did not. */
    attempts: Generated<number>;
    /** What the last attempt failed with. */
    fault: ColumnType<StoreFault | null, StoreFault | null | undefined, StoreFault | null>;
    /** Rows that a bulk erasure has erased so far. */
    erased: Generated<BigInteger>;
    /** What an officer has filed of what is done by hand. */
    answer: ColumnType<ErasureAnswer | null, ErasureAnswer | null | undefined, ErasureAnswer>;
    /** How it was erased, as the certificate tells it. */
    description: ColumnType<ScopeDescription | null, string | null | undefined, string | null>;
  };
  /** What a platform has demanded to be erased, or the end of a tenant. */
  demand: {
    tenant: string;
    id: string;
    trigger: JSONColumnType<DemandTrigger>;
    selector: ColumnType<DataSelector, string, never>;
    /** The order on file that closes the gate. */
    order_id: string;
    state: string;
    opened_at: Moment;
    due_at: Moment;
    /** When every process knows that the gate is closed, by the database's clock. */
    begins_at: Moment;
    /** How many people were seen in one record at once, at the most. */
    persons: Generated<number>;
    fence: Generated<number>;
    claimed_until: NullableMoment;
    certificate_id: NullableText;
  };
  /** An erasure that the journal knows to have begun, until it knows the end: see erasure-ledger. */
  erasure_note: {
    tenant: string;
    request_id: string;
    /** Digest under the ledger key. */
    subject: string;
    subject_ref: string;
    epoch: number;
    done_at: NullableMoment;
    /** How many leaves the log had then. */
    done_size: ColumnType<number | string | null, number | null | undefined, number | null>;
  };
  /** A replay of the journal that is not over: how many leaves the log had when it began. */
  log_replay: { id: number; snapshot_size: BigInteger };
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

type TenantTable = {
  [Name in keyof Tables]: Tables[Name] extends { tenant: string } ? Name : never;
}[keyof Tables];

const tenantTables: { readonly [Name in TenantTable]: true } = {
  subject: true,
  subject_epoch: true,
  log_event: true,
  log_evidence: true,
  access_log: true,
  filing: true,
  subject_request: true,
  subject_request_key: true,
  erasure_seal: true,
  erasure_step: true,
  demand: true,
  erasure_note: true,
  certificate: true,
  breach: true,
};

/** The tables whose rows belong to a tenant. */
export const TENANT_TABLES: ReadonlySet<string> = new Set(Object.keys(tenantTables));
