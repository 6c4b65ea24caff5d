import {
  type AccessDecision,
  type AccessDenial,
  type AccessDenialReason,
  type AccessFacts,
  type AccessQuery,
  decideAccess,
  denyAccess,
  type Provenance,
  purposeView,
  type View,
  type ViewColumn,
  type ViewResult,
} from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import {
  type PersonalRecord,
  type Policy,
  type PurposeCategory,
  type PurposeId,
  type RecipientId,
  subjectFieldName,
  type WeixinPrivacyKey,
} from "@miniprivacy/core/policy";
import type { HeaderSource } from "../consent/consent-proof.ts";
import type { DecisionIntake } from "../consent/decision-intake.ts";
import type { Runtime } from "../runtime.ts";
import { TIMED_OUT, within } from "../within.ts";
import type { AccessLog } from "./access-log.ts";
import { hasUndertaken } from "./filed-records.ts";
import { staffCaller, staffRef } from "./filing.ts";
import {
  accessEntry,
  createRowReader,
  type ReadContext,
  reasonOf,
  type ServedView,
} from "./purpose-reader.ts";
import { currentPurpose } from "./route-purpose.ts";
import type { SubjectFacts, SubjectFactsStore } from "./subject-facts.ts";

/** The records of a host by name, as handed to `createPrivacy`. */
export type RecordTable<P extends Policy> = readonly PersonalRecord<P>[];
type RecordNamed<Records extends RecordTable<Policy>, Name extends string> = Extract<
  Records[number],
  { readonly name: Name }
>;
type ShapeOf<R> = R extends PersonalRecord<Policy, string, infer Shape> ? Shape : never;

/** What a purpose may see of a record's row; of a purpose known only as a union, what any one of them may. */
export type PurposeRow<
  P extends Policy,
  Records extends RecordTable<P>,
  Id extends PurposeId<P>,
  Name extends Records[number]["name"],
> =
  Id extends PurposeId<P>
    ? View<ShapeOf<RecordNamed<Records, Name>>, PurposeCategory<P, Id>>
    : never;

/** What a purpose selects. */
export interface PurposeColumns<
  P extends Policy,
  Records extends RecordTable<P>,
  Id extends PurposeId<P>,
> {
  /** The fields to select for a record, so that the others never leave the database. */
  columns<Name extends Records[number]["name"]>(
    record: Name,
  ): readonly ViewColumn<ShapeOf<RecordNamed<Records, Name>>, PurposeCategory<P, Id>>[];
}

/** Reads rows of one subject for one purpose. Synchronous: the facts were fetched before. */
export interface PurposeReader<
  P extends Policy,
  Records extends RecordTable<P>,
  Id extends PurposeId<P>,
> extends PurposeColumns<P, Records, Id> {
  /** The fields this purpose may see, or the reason it may not. Every call is counted in the access log. */
  read<Name extends Records[number]["name"]>(
    record: Name,
    row: PurposeRow<P, Records, Id, Name>,
  ): ViewResult<PurposeRow<P, Records, Id, Name>>;
  /** The same for many rows of this subject: a result a row, in their order. */
  readMany<Name extends Records[number]["name"]>(
    record: Name,
    rows: readonly PurposeRow<P, Records, Id, Name>[],
  ): readonly ViewResult<PurposeRow<P, Records, Id, Name>>[];
}

/** Reads rows of many subjects for one purpose. */
export interface PurposeRows<
  P extends Policy,
  Records extends RecordTable<P>,
  Id extends PurposeId<P>,
> extends PurposeColumns<P, Records, Id> {
  /**
   * Asks for each row's own subject, as the row names her: with at most two queries a thousand people.
   *
   * @returns A result a row, in their order.
   */
  rows<Name extends Records[number]["name"]>(
    record: Name,
    rows: readonly PurposeRow<P, Records, Id, Name>[],
    options?: AccessOptions,
  ): Promise<readonly ViewResult<PurposeRow<P, Records, Id, Name>>[]>;
}

export interface AccessOptions {
  /** (`''`) */
  readonly tenant?: string;
  /** Names the code that reads, for the access log (`app`; of staff `staff`, and her `staffRef` is added). */
  readonly caller?: string;
  /**
   * The host's id of the member of staff who will see the data: without her confidentiality undertaking on file every
   * read is denied (code reads, nobody sees it).
   */
  readonly staff?: string;
}

export interface SubjectAccessOptions extends AccessOptions {
  /**
   * Those of the request that wants the data, signed in as this subject: decisions it brings along are recorded first,
   * so that an order never overtakes its consent (none).
   */
  readonly headers?: HeaderSource;
}

export interface ShareOptions extends SubjectAccessOptions {
  /** Whether the data leaves the country though the recipient sits in it (no). */
  readonly abroad?: boolean;
  /** By category, where these values come from, if not from where the policy says. */
  readonly provenance?: { readonly [category: string]: Provenance };
}

/** Values to hand over, by category. */
export type SharedFields<P extends Policy, Id extends PurposeId<P>> = Readonly<
  Partial<Record<PurposeCategory<P, Id>, unknown>>
>;

export type ShareResult<Value> =
  | { readonly permitted: true; readonly value: Value; readonly observed?: AccessDenialReason }
  | AccessDenial;

export interface AccessService<P extends Policy, Records extends RecordTable<P>> {
  /**
   * Fetches what is known of a subject and gives a reader for one purpose. It reads until something is written about
   * her, or until that could have gone unheard for a second: then it denies with `facts-too-old`, and a new one is due.
   *
   * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when the database does not answer within four seconds.
   */
  for<const Id extends PurposeId<P>>(
    subjectId: string,
    purpose: Id,
    options?: SubjectAccessOptions,
  ): Promise<PurposeReader<P, Records, Id>>;
  /** The same for the purpose of the route that is being served; on a route without one every read is denied. */
  forRoute(
    subjectId: string,
    options?: SubjectAccessOptions,
  ): Promise<PurposeReader<P, Records, PurposeId<P>>>;
  purpose<const Id extends PurposeId<P>>(purpose: Id): PurposeRows<P, Records, Id>;
  /**
   * Hands values to a recipient of the purpose: the only way out. They are given to `send` once the access log has
   * room for it, and the result is what `send` answered; without it, the values.
   */
  share<const Id extends PurposeId<P>, Answer = SharedFields<P, Id>>(
    subjectId: string,
    purpose: Id,
    recipient: RecipientId<P>,
    fields: SharedFields<P, Id>,
    options?: ShareOptions & { readonly send?: (fields: SharedFields<P, Id>) => Answer },
  ): Promise<ShareResult<Awaited<Answer>>>;
  /**
   * Decides whether an interface of Weixin may be called for a person, before there is a row to read: the purpose's
   * access to those of its categories that declare the interface's key, as data the platform provides. A purpose that
   * lists none of them is denied (`category-not-in-purpose`). Counted in the access log like a read.
   *
   * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when the database does not answer within four seconds.
   */
  decideInterface(
    subjectId: string,
    purpose: PurposeId<P>,
    key: WeixinPrivacyKey,
    options?: SubjectAccessOptions,
  ): Promise<AccessDecision>;
}

/** What access stands on. */
export interface AccessParts {
  readonly log: AccessLog;
  readonly subjects: SubjectFactsStore;
  readonly intake: Pick<DecisionIntake, "accept">;
  /** Names of the records of which reads are only watched for now. */
  readonly observed: ReadonlySet<string>;
}

export function createAccessService<P extends Policy, const Records extends RecordTable<P>>(
  runtime: Runtime,
  records: Records,
  { log, subjects, intake, observed }: AccessParts,
): AccessService<P, Records> {
  const { keys, now, policy } = runtime;
  const views = servedViews(policy, records, observed);

  function viewsOf(record: string): ReadonlyMap<string, ServedView> {
    const found = views.get(record);
    if (found === undefined)
      throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "no such record" });
    return found;
  }

  function columns(record: string, purpose: string): readonly string[] {
    return viewsOf(record).get(purpose)?.view.columns ?? [];
  }

  /** Who reads, and for what: the same for every subject of a call. */
  function readerOf(
    asked: string,
    { tenant = "", staff, caller }: AccessOptions,
  ): (subject: SubjectFacts | undefined) => ReadContext {
    const ref = staff === undefined ? undefined : staffRef(keys.index, { tenant, staff });
    const name = ref === undefined ? (caller ?? "app") : staffCaller(caller, ref);
    // A purpose the policy does not have may be anything, and is not kept.
    const purpose = Object.hasOwn(policy.purposes, asked) ? asked : NO_PURPOSE;
    return (subject) => ({
      tenant,
      purpose,
      caller: name,
      subject,
      isBound: () =>
        ref === undefined || subject === undefined || hasUndertaken(subject.register, ref, now()),
      now,
    });
  }

  async function loadOne(subjectId: string, options: SubjectAccessOptions): Promise<SubjectFacts> {
    const { tenant = "", headers } = options;
    const load = async (): Promise<SubjectFacts> => {
      if (headers !== undefined) await intake.accept({ tenant, subjectId }, headers);
      return (await subjects.load(tenant, [subjectId])).get(subjectId)!;
    };
    return answered(load());
  }

  async function open(subjectId: string, purpose: string, options: SubjectAccessOptions) {
    const subject = await loadOne(subjectId, options);
    const readRow = createRowReader(readerOf(purpose, options)(subject), log);
    return {
      columns: (record: string) => columns(record, purpose),
      read: (record: string, row: object) => readRow(viewsOf(record).get(purpose), row),
      readMany(record: string, rows: readonly object[]) {
        const served = viewsOf(record).get(purpose);
        return rows.map((row) => readRow(served, row));
      },
    };
  }

  async function readRows(
    purpose: string,
    record: string,
    rows: readonly object[],
    options: AccessOptions,
  ): Promise<readonly ViewResult<unknown>[]> {
    const served = viewsOf(record).get(purpose);
    const field = subjectFieldName(records.find(({ name }) => name === record)!);
    const places = placesByOwner(rows, field);
    const owners = [...places.keys()];
    const contextOf = readerOf(purpose, options);
    const results: ViewResult<unknown>[] = Array.from({ length: rows.length });
    for (let from = 0; from < owners.length; from += SUBJECTS_AT_ONCE) {
      const some = owners.slice(from, from + SUBJECTS_AT_ONCE);
      await answered(log.makeRoom());
      const named = some.filter((owner) => owner !== undefined);
      const known = await answered(subjects.load(options.tenant ?? "", named));
      for (const owner of some) {
        const subject = owner === undefined ? undefined : known.get(owner);
        const readRow = createRowReader(contextOf(subject), log);
        for (const place of places.get(owner)!) results[place] = readRow(served, rows[place]!);
      }
    }
    return results;
  }

  async function share(
    subjectId: string,
    purpose: string,
    recipient: string,
    fields: object,
    options: ShareOptions & { readonly send?: (fields: object) => unknown } = {},
  ): Promise<ShareResult<unknown>> {
    const { abroad, provenance, send } = options;
    // What is no member of its own cannot go along unseen.
    const shared = Object.fromEntries(Object.entries(fields));
    const query = {
      purpose,
      categories: Object.keys(shared),
      recipient,
      ...(abroad !== undefined && { abroad }),
      ...(provenance && { provenance }),
    };
    const decision = await decide(subjectId, query, options);
    if (!decision.permitted) return decision;
    const reason = reasonOf(decision);
    const value = send === undefined ? shared : await send(shared);
    return { permitted: true, value, ...(reason !== undefined && { observed: reason }) };
  }

  function decideInterface(
    subjectId: string,
    purpose: string,
    key: WeixinPrivacyKey,
    options: SubjectAccessOptions = {},
  ): Promise<AccessDecision> {
    const categories = interfaceCategories(policy, purpose, key);
    // Whatever the policy says of who types it: here the platform hands it over.
    const provided = { source: "platform", collectedIn: "weixin" } as const;
    const provenance = Object.fromEntries(categories.map((id) => [id, provided]));
    const query = { purpose, categories, provenance };
    // Requirement WX-4.4.4a, WX-4.4.5a: what an interface hands over is for purposes that declare its key, and no others.
    if (categories.length === 0 && Object.hasOwn(policy.purposes, purpose))
      return decide(subjectId, query, options, () => denyAccess("category-not-in-purpose"));
    return decide(subjectId, query, options);
  }

  /** Decides about what is in no row; it is on record before anything follows from it. */
  async function decide(
    subjectId: string,
    query: AccessQuery,
    options: SubjectAccessOptions,
    byFacts = (facts: AccessFacts): AccessDecision => decideAccess(policy, query, facts, now()),
  ): Promise<AccessDecision> {
    const { purpose, categories, recipient } = query;
    const subject = await loadOne(subjectId, options);
    const context = readerOf(purpose, options)(subject);
    // What is in no row is of no record: it is only watched where every record is.
    const facts = subject.current(
      purpose,
      records.every(({ name }) => observed.has(name)),
    );
    const decision = !context.isBound()
      ? denyAccess("undertaking-missing")
      : facts === undefined
        ? denyAccess("facts-too-old")
        : byFacts(facts);
    // Names that are no category of the policy may be anything: they are not kept.
    const declared = categories.filter((category) => Object.hasOwn(policy.categories, category));
    const entry = accessEntry(context, declared, decision.permitted, reasonOf(decision));
    // Requirement WX-4.4.9b, WX-4.5c: what leaves for somebody else is on record before it goes.
    const counter = log.counter({ ...entry, ...recipientOf(policy, recipient) });
    return log.count(counter) ? decision : denyAccess("access-log-full");
  }

  const service = {
    for: (subjectId: string, purpose: string, options: SubjectAccessOptions = {}) =>
      open(subjectId, purpose, options),
    forRoute: (subjectId: string, options: SubjectAccessOptions = {}) =>
      open(subjectId, currentPurpose() ?? NO_PURPOSE, options),
    purpose: (purpose: string) => ({
      columns: (record: string) => columns(record, purpose),
      rows: (record: string, rows: readonly object[], options: AccessOptions = {}) =>
        readRows(purpose, record, rows, options),
    }),
    share,
    decideInterface,
  };
  return service as unknown as AccessService<P, Records>; // one implementation for every purpose and record, which test/types pins
}

/** Waits for the database no longer than a reader may take. @throws PrivacyError `ERR_STORE_UNAVAILABLE` */
async function answered<Value>(work: Promise<Value>): Promise<Value> {
  const answer = await within(ANSWER_MS, work);
  if (answer === TIMED_OUT) throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "late" });
  return answer;
}

const ANSWER_MS = 4000;

/** As many people as are asked for at once: no more than are remembered. */
const SUBJECTS_AT_ONCE = 1000;

/** What the access log calls the purpose of a route that names none, and one that the policy does not have. */
const NO_PURPOSE = "";

function recipientOf(
  policy: Policy,
  recipient: string | undefined,
): { readonly recipient?: string } {
  return recipient !== undefined && Object.hasOwn(policy.recipients, recipient)
    ? { recipient }
    : {};
}

/** Those of the purpose's categories that an interface hands over. */
function interfaceCategories(
  { categories, purposes }: Policy,
  purpose: string,
  key: WeixinPrivacyKey,
): readonly string[] {
  const listed = Object.hasOwn(purposes, purpose) ? purposes[purpose]!.categories : [];
  return listed.filter((id) => categories[id]?.weixinPrivacyKey === key);
}

/** Whom the rows name, each with the places of her rows; those that name nobody under undefined. */
function placesByOwner(
  rows: readonly object[],
  field: string,
): ReadonlyMap<string | undefined, readonly number[]> {
  const places = new Map<string | undefined, number[]>();
  for (const [i, row] of rows.entries()) {
    const owner = ownerOf(row, field);
    const own = places.get(owner);
    if (own === undefined) places.set(owner, [i]);
    else own.push(i);
  }
  return places;
}

function ownerOf(row: object, field: string): string | undefined {
  const owner: unknown = Object.hasOwn(row, field)
    ? (row as { readonly [name: string]: unknown })[field]
    : undefined;
  return typeof owner === "string" ? owner : undefined;
}

function servedViews(
  policy: Policy,
  records: RecordTable<Policy>,
  observed: ReadonlySet<string>,
): ReadonlyMap<string, ReadonlyMap<string, ServedView>> {
  return new Map(
    records.map((record) => [
      record.name,
      new Map(
        Object.keys(policy.purposes).map((purpose) => [
          purpose,
          {
            view: purposeView(record, purpose),
            observed: observed.has(record.name),
          },
        ]),
      ),
    ]),
  );
}
