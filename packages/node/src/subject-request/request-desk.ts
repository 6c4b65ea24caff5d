import {
  type RequestKind,
  type RequestState,
  requestDue,
  type StepOutcome,
} from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Database, Unit } from "../database/database.ts";
import type { StoreFault } from "../erasure/ask-store.ts";
import { RESTRICTING_STATES } from "./subject-request-store.ts";

/** A request as the operator's staff see it: nobody's name is in it, nor the reference of one. */
export interface DeskEntry {
  readonly id: string;
  readonly kind: RequestKind;
  /** Of a withdrawal: the purpose. */
  readonly purpose?: string;
  readonly state: RequestState;
  readonly receivedAt: string;
  /** From when on it is late to begin, RFC 3339; absent where nobody says whose rules hold. */
  readonly warnAt?: string;
  readonly dueAt: string;
  /** Of an open request: how it stands to these times. */
  readonly urgency?: "in-time" | "warn" | "overdue";
  /** Of an open request: whole days until it is due, below zero once it is overdue. */
  readonly daysLeft?: number;
  /** How many stores the last attempt failed at. */
  readonly failingStores: number;
}

/** A request with what each store has come to. */
export interface DeskRequest extends DeskEntry {
  readonly steps: readonly DeskStep[];
  readonly certificateId?: string;
}

export interface DeskStep {
  readonly store: string;
  readonly record: string;
  /** `null`: no attempt has come to its end. */
  readonly outcome: StepOutcome | null;
  readonly countBefore: number | null;
  readonly countAfter: number | null;
  /** Attempts that failed since the last that did not. */
  readonly attempts: number;
  /** What the last attempt failed with. */
  readonly fault: StoreFault | null;
  /** When the last of it is gone, RFC 3339. */
  readonly until: string | null;
}

export interface DeskQuery {
  /** Only those that are open (all). */
  readonly open?: boolean;
  /** Only those due before. */
  readonly dueBefore?: Date;
  /** Only those that come after this one in the list. */
  readonly after?: string;
  /** At most so many. */
  readonly limit: number;
}

export interface DeskList {
  readonly requests: readonly DeskEntry[];
  /** Whether there are others after them. */
  readonly more: boolean;
}

/** What staff may see of a tenant's requests. */
export interface RequestDesk {
  /**
   * The requests, the first due first.
   *
   * @throws PrivacyError `ERR_INPUT_INVALID` when there is none of the id to come after.
   */
  list(tenant: string, query: DeskQuery): Promise<DeskList>;
  show(tenant: string, id: string): Promise<DeskRequest | undefined>;
}

/** What the desk stands on. */
export interface DeskSource {
  readonly database: Database;
  /** Of the controller, ISO 3166-1 alpha-2 (not known: there are no warnings). */
  readonly country?: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** States in which a request waits for something to be done. */
const OPEN_STATES: readonly RequestState[] = ["received", "identity-check", ...RESTRICTING_STATES];
const DAY_MS = 86_400_000;
const COLUMNS = [
  "id",
  "kind",
  "purpose",
  "state",
  "received_at",
  "due_at",
  "certificate_id",
] as const;

/** Opens the desk. @see PIPL-50, WX-4.4.8 */
export function createRequestDesk({ database, country, now }: DeskSource): RequestDesk {
  const { tables } = database;

  function entryOf(row: RequestRow, failingStores: number): DeskEntry {
    const kind = row.kind as RequestKind;
    const state = row.state as RequestState;
    const received = row.received_at.getTime();
    const due = row.due_at.getTime();
    const warnAt = country === undefined ? undefined : requestDue(kind, country, received).warnAt;
    return {
      id: row.id,
      kind,
      ...(row.purpose !== null && { purpose: row.purpose }),
      state,
      receivedAt: row.received_at.toISOString(),
      ...(warnAt !== undefined && { warnAt: new Date(warnAt).toISOString() }),
      dueAt: row.due_at.toISOString(),
      ...(OPEN_STATES.includes(state) && {
        urgency: urgencyOf(now(), warnAt, due),
        daysLeft: Math.floor((due - now()) / DAY_MS),
      }),
      failingStores,
    };
  }

  return {
    async list(tenant, query) {
      const rows = await findRequests(tables, tenant, query);
      const shown = rows.slice(0, query.limit);
      const failing = await failingStores(
        tables,
        tenant,
        shown.map(({ id }) => id),
      );
      return {
        requests: shown.map((row) => entryOf(row, failing.get(row.id)?.size ?? 0)),
        more: rows.length > shown.length,
      };
    },
    async show(tenant, id) {
      const row = await findRequest(tables, tenant, id);
      if (row === undefined) return undefined;
      const failing = await failingStores(tables, tenant, [id]);
      return {
        ...entryOf(row, failing.get(id)?.size ?? 0),
        steps: await loadDeskSteps(tables, tenant, id),
        ...(row.certificate_id !== null && { certificateId: row.certificate_id }),
      };
    },
  };
}

interface RequestRow {
  readonly id: string;
  readonly kind: string;
  readonly purpose: string | null;
  readonly state: string;
  readonly received_at: Date;
  readonly due_at: Date;
  readonly certificate_id: string | null;
}

function urgencyOf(
  now: number,
  warnAt: number | undefined,
  due: number,
): NonNullable<DeskEntry["urgency"]> {
  // Requirement PIPL-50, WX-4.4.8: what is due, or soon, is told to those who answer for it.
  if (now > due) return "overdue";
  return warnAt !== undefined && now > warnAt ? "warn" : "in-time";
}

async function findRequest(
  unit: Unit,
  tenant: string,
  id: string,
): Promise<RequestRow | undefined> {
  return unit
    .selectFrom("subject_request")
    .select(COLUMNS)
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** One more than asked for, when there are more. */
async function findRequests(
  unit: Unit,
  tenant: string,
  { open = false, dueBefore, after, limit }: DeskQuery,
): Promise<readonly RequestRow[]> {
  let query = unit
    .selectFrom("subject_request")
    .select(COLUMNS)
    .where("tenant", "=", tenant)
    .orderBy("due_at")
    .orderBy("id")
    .limit(limit + 1);
  if (open) query = query.where("state", "in", OPEN_STATES);
  if (dueBefore !== undefined) query = query.where("due_at", "<", dueBefore);
  if (after !== undefined) {
    const last = await findRequest(unit, tenant, after);
    if (last === undefined)
      throw new PrivacyError("ERR_INPUT_INVALID", {
        issues: [{ code: "unknown-reference", schemaPath: "after" }],
      });
    query = query.where((is) =>
      is.or([
        is("due_at", ">", last.due_at),
        is("due_at", "=", last.due_at).and("id", ">", last.id),
      ]),
    );
  }
  return query.execute();
}

/** The stores at which the last attempt of each request failed. */
async function failingStores(
  unit: Unit,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const failing = new Map<string, Set<string>>();
  if (ids.length === 0) return failing;
  const rows = await unit
    .selectFrom("erasure_step")
    .select(["request_id", "store"])
    .where("tenant", "=", tenant)
    .where("request_id", "in", ids)
    .where("outcome", "=", "failed")
    .execute();
  for (const { request_id: id, store } of rows)
    failing.set(id, (failing.get(id) ?? new Set()).add(store));
  return failing;
}

async function loadDeskSteps(unit: Unit, tenant: string, id: string): Promise<readonly DeskStep[]> {
  const rows = await unit
    .selectFrom("erasure_step")
    .select(["store", "record", "outcome", "count_before", "count_after"])
    .select(["attempts", "fault", "until"])
    .where("tenant", "=", tenant)
    .where("request_id", "=", id)
    .orderBy("position")
    .execute();
  return rows.map(({ count_before, count_after, until, ...step }) => ({
    ...step,
    countBefore: count_before,
    countAfter: count_after,
    until: until && until.toISOString(),
  }));
}
