import {
  denyAccess,
  type PurposeView,
  purposeView,
  type View,
  type ViewResult,
} from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type {
  PersonalRecord,
  Policy,
  PurposeCategory,
  PurposeId,
  RecordShape,
} from "@miniprivacy/core/policy";
import type { HeaderSource } from "../consent/consent-proof.ts";
import type { DecisionIntake } from "../consent/decision-intake.ts";
import type { Runtime } from "../runtime.ts";
import type { AccessLog } from "./access-log.ts";
import type { SubjectFacts, SubjectFactsStore } from "./subject-facts.ts";

/** The records of a host by name, as handed to `createPrivacy`. */
export type RecordTable<P extends Policy> = readonly PersonalRecord<P>[];
type RecordNamed<Records extends RecordTable<Policy>, Name extends string> = Extract<
  Records[number],
  { readonly name: Name }
>;
type ShapeOf<R> = R extends PersonalRecord<Policy, string, infer Shape> ? Shape : never;

/** Reads rows of one subject for one purpose. Synchronous: the facts were fetched before. */
export interface PurposeReader<
  P extends Policy,
  Records extends RecordTable<P>,
  Id extends PurposeId<P>,
> {
  /** The fields to select for a record, so that the others never leave the database. */
  columns<Name extends Records[number]["name"]>(record: Name): readonly string[];
  /** The fields this purpose may see, or the reason it may not. Every call leaves an access-log entry. */
  read<Name extends Records[number]["name"]>(
    record: Name,
    row: View<ShapeOf<RecordNamed<Records, Name>>, PurposeCategory<P, Id>>,
  ): ViewResult<View<ShapeOf<RecordNamed<Records, Name>>, PurposeCategory<P, Id>>>;
}

export interface AccessService<P extends Policy, Records extends RecordTable<P>> {
  /**
   * Fetches what is known of a subject and gives a reader for one purpose. It reads until something is written about
   * her, or until that could have gone unheard for a second: then it denies with `facts-too-old`, and a new one is due.
   *
   * @param options `tenant` (`''`); `caller` names the code that reads, for the access log (`app`); `headers` of the
   * request that wants the data, signed in as this subject: decisions it brings along are recorded first, so that an order
   * never overtakes its consent (none).
   */
  for<const Id extends PurposeId<P>>(
    subjectId: string,
    purpose: Id,
    options?: {
      readonly tenant?: string;
      readonly caller?: string;
      readonly headers?: HeaderSource;
    },
  ): Promise<PurposeReader<P, Records, Id>>;
}

export function createAccessService<P extends Policy, const Records extends RecordTable<P>>(
  runtime: Runtime,
  records: Records,
  log: AccessLog,
  subjects: SubjectFactsStore,
  intake: Pick<DecisionIntake, "accept">,
): AccessService<P, Records> {
  const views = new Map<string, PurposeView<RecordShape, never>>();
  for (const record of records) {
    for (const purpose of Object.keys(runtime.policy.purposes)) {
      views.set(
        viewKey(record.name, purpose),
        purposeView<Policy, RecordShape, string>(record, purpose),
      );
    }
  }

  function viewOf(record: string, purpose: string): PurposeView<RecordShape, never> | undefined {
    if (!records.some(({ name }) => name === record))
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "no such record" });
    return views.get(viewKey(record, purpose));
  }

  return {
    async for(subjectId, purpose, { tenant = "", caller = "app", headers } = {}) {
      if (headers !== undefined) await intake.accept({ tenant, subjectId }, headers);
      const subject = await subjects.load(tenant, subjectId);
      const reader = {
        columns: (record: string) => viewOf(record, purpose)?.columns ?? [],
        read(record: string, row: never): ViewResult<unknown> {
          const view = viewOf(record, purpose);
          const result = readWith(view, subject, row, runtime.now());
          log.add({
            tenant,
            subjectRef: subject.subjectRef,
            purpose,
            categories: view?.categories ?? [],
            caller,
            permitted: result.permitted,
            reason: result.permitted ? result.observed : result.reason,
          });
          return result;
        },
      };
      return reader as unknown as PurposeReader<P, Records, typeof purpose>;
    },
  };
}

function readWith(
  view: PurposeView<RecordShape, never> | undefined,
  subject: SubjectFacts,
  row: never,
  now: number,
): ViewResult<unknown> {
  if (view === undefined) return denyAccess("purpose-unknown");
  const facts = subject.current();
  return facts === undefined ? denyAccess("facts-too-old") : view.read(row, facts, now);
}

function viewKey(record: string, purpose: string): string {
  return JSON.stringify([record, purpose]);
}
