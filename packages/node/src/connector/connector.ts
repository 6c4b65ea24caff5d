import type { Remnant } from "@miniprivacy/core";
import type { StoreKind } from "@miniprivacy/core/certificate";
import type { PersonalRecord } from "@miniprivacy/core/policy";
import type { BulkErasure } from "./bulk-erasure.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";

/** One row of a record as the data map names its fields. */
export type RecordRow = { readonly [field: string]: unknown };

/** How a connector erases a record, as certificates tell it. */
export interface ErasureTechnique {
  /** How a subject's rows are chosen, with placeholders in place of values: `t_order.member_id = {subjectId}`. */
  readonly selector: string;
  readonly technique: string;
  readonly tool: string;
  readonly toolVersion: string;
}

/**
 * Carries rights out on one store of the host. `find` must not share its reading path with `erase`: it is the
 * witness of what erasing left behind.
 */
export interface Connector {
  readonly kind: StoreKind;
  /**
   * What is known of an erasure: it is read back through `find` (when left out); the store has accepted it, and that is all;
   * an officer has filed what became of it, done by hand; or nothing is erased, and the host declares that the store drops
   * everything by itself. The last three are never asked to `find` or `count`, and show nobody her data.
   */
  readonly evidence?: "read-back" | "acknowledgement" | "filed-answer" | "declaration";
  /** Names of the records this store holds, in the order they are to be erased in. */
  readonly records: readonly string[];
  /**
   * Whether the store tells the rows of tenants apart. One that does not holds those of tenant `''` alone, and refuses
   * every other with `ERR_CONFIG_INVALID`: the same subjectId of two tenants is two people.
   */
  readonly separatesTenants: boolean;
  describe(record: string): Promise<ErasureTechnique>;
  /** The subject's rows, by subject value. */
  find(record: PersonalRecord, subject: SubjectIdentity): Promise<readonly RecordRow[]>;
  /** How many rows erasing would touch. */
  count(record: PersonalRecord, subject: SubjectIdentity): Promise<number>;
  /** Erases the subject's rows; repeating it does no harm. */
  erase(record: PersonalRecord, subject: SubjectIdentity): Promise<void>;
  /**
   * Erases these fields of the subject's rows and keeps the rest: an order stays without its phone number. It is what a
   * withdrawal comes to. Repeating it does no harm.
   */
  eraseFields(
    record: PersonalRecord,
    subject: SubjectIdentity,
    fields: readonly string[],
  ): Promise<void>;
  /**
   * What fields hold once they are erased, as `find` gives it, of those that hold something other than `null`; undefined
   * where a row is nothing but its content, and goes with it.
   */
  blankValues(record: PersonalRecord): RecordRow | undefined;
  /** Erases for everybody at once (it cannot: an officer has it done, and files what became of it). */
  readonly bulk?: BulkErasure;
  /** Where something may still lie after an erasure, and until when. */
  remnants(record: PersonalRecord, now: Date): Promise<readonly Remnant[]>;
  /** Changes fields of the subject's row with this key; false when there is none. */
  rectify(
    record: PersonalRecord,
    subject: SubjectIdentity,
    key: string,
    patch: RecordRow,
  ): Promise<boolean>;
  /**
   * Everybody who has rows of a record, some perhaps more than once; never all of them in memory. It is asked when a store
   * was restored from a backup (left out: nobody who was erased since can be looked for there).
   *
   * @throws PrivacyError once all others were told, where a row does not tell whose it is.
   */
  subjects?(record: PersonalRecord): AsyncIterable<SubjectIdentity>;
  /** Name of the field that is the row's key. */
  keyField(record: PersonalRecord): string;
  /** For a store that takes several records together in fewer steps (they are taken one by one). */
  readonly atOnce?: ConnectorAtOnce;
}

/** The questions of {@link Connector} about several records, with an answer for each, in their order. */
export interface ConnectorAtOnce {
  readonly describe: (records: readonly string[]) => Promise<readonly ErasureTechnique[]>;
  readonly count: (
    records: readonly PersonalRecord[],
    subject: SubjectIdentity,
  ) => Promise<readonly number[]>;
  /** How many rows `find` would give, by its reading path: they are not fetched. */
  readonly countFound: (
    records: readonly PersonalRecord[],
    subject: SubjectIdentity,
  ) => Promise<readonly number[]>;
  /** @param counts What `count` has said of each just before: many rows may be taken in batches. */
  readonly erase: (
    records: readonly PersonalRecord[],
    subject: SubjectIdentity,
    counts: readonly number[],
  ) => Promise<void>;
}
