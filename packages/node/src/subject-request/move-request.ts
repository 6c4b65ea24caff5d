import { type RequestMove, type RequestState, transitionRequest } from "@miniprivacy/core";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { LogUnit } from "../log/log-writer.ts";
import type { ActedBy } from "./acted-by.ts";

/** Moves a request on and writes the move to the log. @throws PrivacyError `ERR_REQUEST_STATE` */
export async function moveRequest(
  { unit, append }: LogUnit,
  now: Date,
  request: {
    readonly tenant: string;
    readonly id: string;
    readonly subjectRef: string;
    readonly state: RequestState;
    /** Who of the operator's moves it (the person herself, or the deployment). */
    readonly by?: ActedBy;
  },
  move: RequestMove,
): Promise<RequestState> {
  const { tenant, id, subjectRef, by } = request;
  const moved = transitionRequest(request.state, move);
  if (!moved.permitted)
    throw new PrivacyError("ERR_REQUEST_STATE", { detail: `${request.state}, ${move.event}` });
  const { numUpdatedRows } = await unit
    .updateTable("subject_request")
    .set({ state: moved.state })
    .where("tenant", "=", tenant)
    .where("id", "=", id)
    .where("state", "=", request.state)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n)
    throw new PrivacyError("ERR_REQUEST_STATE", { detail: "moved meanwhile" });
  const content = {
    tenant,
    kind: "subject-request",
    subjectRef,
    dedupeKey: null,
    content: {
      type: "subject-request",
      schemaVersion: "1",
      requestId: id,
      ...move,
      state: moved.state,
      ...(by && { by: { role: by.role, name: by.name } }),
      at: now.toISOString(),
    },
  };
  await append(content, now);
  return moved.state;
}
