import {
  type AccessFacts,
  consentStatus,
  denyAccess,
  type PlatformAuthorization,
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
import { loadConsentEvents } from "../consent/consent-service.ts";
import type { Runtime } from "../runtime.ts";
import { hasRestrictingRequest } from "../subject-request/subject-request-store.ts";
import { findSubject } from "../subject/subject-store.ts";
import type { AccessLog } from "./access-log.ts";

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
   * Fetches what is known of a subject and gives a reader for one purpose, good for one second.
   *
   * @param options `tenant` (`''`); `caller` names the code that reads, for the access log (`app`).
   */
  for<const Id extends PurposeId<P>>(
    subjectId: string,
    purpose: Id,
    options?: { readonly tenant?: string; readonly caller?: string },
  ): Promise<PurposeReader<P, Records, Id>>;
}

/** How long fetched facts may be used. */
const FRESH_MS = 1000;

export function createAccessService<P extends Policy, const Records extends RecordTable<P>>(
  runtime: Runtime,
  records: Records,
  log: AccessLog,
  authorizations: readonly PlatformAuthorization[],
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
    async for(subjectId, purpose, { tenant = "", caller = "app" } = {}) {
      const { facts, subjectRef } = await loadFacts(runtime, tenant, subjectId, authorizations);
      const reader = {
        columns: (record: string) => viewOf(record, purpose)?.columns ?? [],
        read(record: string, row: never): ViewResult<unknown> {
          const view = viewOf(record, purpose);
          const result =
            view === undefined
              ? denyAccess("purpose-unknown")
              : view.read(row, facts, runtime.now());
          log.add({
            tenant,
            subjectRef,
            purpose,
            categories: view?.categories ?? [],
            caller,
            ...(result.permitted
              ? { permitted: true }
              : { permitted: false, reason: result.reason }),
          });
          return result;
        },
      };
      return reader as unknown as PurposeReader<P, Records, typeof purpose>;
    },
  };
}

function viewKey(record: string, purpose: string): string {
  return JSON.stringify([record, purpose]);
}

async function loadFacts(
  runtime: Runtime,
  tenant: string,
  subjectId: string,
  authorizations: readonly PlatformAuthorization[],
): Promise<{ readonly facts: AccessFacts; readonly subjectRef: string | null }> {
  const { database, keys, policy } = runtime;
  const asked = runtime.now();
  const link = await findSubject(database.tables, keys.index, tenant, subjectId);
  const stored =
    link === undefined ? [] : await loadConsentEvents(database.tables, tenant, link.ref);
  const events = stored.map(({ event }) => event);
  const facts: AccessFacts = {
    subjectId,
    consents: new Map(
      Object.keys(policy.purposes).map((purpose) => [
        purpose,
        consentStatus(events, policy, purpose, asked),
      ]),
    ),
    authorizations: new Set(authorizations),
    restricted:
      link !== undefined && (await hasRestrictingRequest(database.tables, tenant, link.ref)),
    freshUntil: asked + FRESH_MS,
  };
  return { facts, subjectRef: link?.ref ?? null };
}
