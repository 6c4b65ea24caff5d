import {
  type ExtensionReason,
  type RefusalReason,
  requestDue,
  type RequestKind,
  type RequestMove,
  type RequestState,
} from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import { destroyErasureSeal } from "../erasure/erasure-seal.ts";
import { lockLogHead } from "../log/log-append.ts";
import type { LogUnit } from "../log/log-writer.ts";
import type { Runtime } from "../runtime.ts";
import type { ActedBy } from "./acted-by.ts";
import { moveRequest } from "./move-request.ts";

/** What an officer decides about an erasure that somebody asked for; the reason and she are in the log. */
export interface RequestDecisions {
  /**
   * Refuses one that nobody has begun to carry out: it is not carried out any more, the name it worked on is destroyed,
   * and the data may be read again. What has begun is brought to its end.
   *
   * @returns False when there is no such request.
   * @throws PrivacyError `ERR_REQUEST_STATE`
   */
  refuse(which: DecidedRequest, reason: RefusalReason, by: ActedBy): Promise<boolean>;
  /**
   * Lets it take longer, once and as far as the rule it is due by allows; it is carried out all the same.
   *
   * @returns False when there is no such request.
   * @throws PrivacyError `ERR_REQUEST_STATE`, also where the rule allows nothing.
   */
  extend(which: DecidedRequest, reason: ExtensionReason, by: ActedBy): Promise<boolean>;
}

/** Which request is decided about. */
export interface DecidedRequest {
  readonly tenant: string;
  readonly id: string;
}

interface Erasure {
  readonly subjectRef: string;
  readonly state: RequestState;
  readonly receivedAt: number;
  readonly dueAt: number;
}

export function createRequestDecisions({
  log,
  policy,
  now,
}: Pick<Runtime, "log" | "policy" | "now">): RequestDecisions {
  /** Moves it on, with whatever goes with the move. */
  async function decide(
    { tenant, id }: DecidedRequest,
    move: RequestMove,
    by: ActedBy,
    settle: (unit: LogUnit, erasure: Erasure) => Promise<void>,
  ): Promise<boolean> {
    return log.transaction(async (logUnit) => {
      await lockLogHead(logUnit.unit);
      const erasure = await loadErasure(logUnit, tenant, id);
      if (erasure === undefined) return false;
      const { subjectRef, state } = erasure;
      await settle(logUnit, erasure);
      await moveRequest(logUnit, new Date(now()), { tenant, id, subjectRef, state, by }, move);
      return true;
    });
  }

  return {
    refuse: (which, reason, by) =>
      decide(which, { event: "refuse", reason }, by, async ({ unit }, { state }) => {
        // Whoever carries it out moves it on first: the two exclude each other, and nothing is half erased and refused.
        if (state !== "accepted")
          throw new PrivacyError("ERR_REQUEST_STATE", { detail: `${state}, refuse` });
        await destroyErasureSeal(unit, which.tenant, which.id);
      }),
    extend: (which, reason, by) =>
      decide(which, { event: "extend", reason }, by, async ({ unit }, { receivedAt, dueAt }) => {
        const { extendableTo } = requestDue("erase", policy.controller.country, receivedAt);
        if (extendableTo === undefined || dueAt >= extendableTo)
          throw new PrivacyError("ERR_REQUEST_STATE", { detail: "it may not take longer" });
        await unit
          .updateTable("subject_request")
          .set({ due_at: new Date(extendableTo) })
          .where("tenant", "=", which.tenant)
          .where("id", "=", which.id)
          .execute();
      }),
  };
}

/** What a person withdraws is not for others to decide about. @throws PrivacyError `ERR_REQUEST_STATE` */
async function loadErasure(
  { unit }: LogUnit,
  tenant: string,
  id: string,
): Promise<Erasure | undefined> {
  const row = await unit
    .selectFrom("subject_request")
    .select(["kind", "subject_ref", "state", "received_at", "due_at"])
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if ((row.kind as RequestKind) !== "erase")
    throw new PrivacyError("ERR_REQUEST_STATE", { detail: row.kind });
  return {
    subjectRef: row.subject_ref,
    state: row.state as RequestState,
    receivedAt: row.received_at.getTime(),
    dueAt: row.due_at.getTime(),
  };
}
