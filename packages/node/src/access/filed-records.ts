import type { PlatformAuthorization, PlatformOrder } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";
import type { FilingKind, FilingRecords, UndertakingFiling } from "./filing.ts";

/** What is on file for one tenant and has not ended. */
export interface FiledRecords {
  readonly authorizations: readonly PlatformAuthorization[];
  readonly orders: readonly PlatformOrder[];
  readonly undertakings: readonly UndertakingFiling[];
}

export async function loadFiledRecords(unit: Unit, tenant: string): Promise<FiledRecords> {
  const rows = await unit
    .selectFrom("filing")
    .select(["kind", "id", "record"])
    .where("tenant", "=", tenant)
    .where("ended_at", "is", null)
    .execute();
  const records = <Kind extends FilingKind>(kind: Kind) =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ id, record }) => ({ ...(record as FilingRecords[Kind]), id }));
  return {
    authorizations: records("platform-authorization"),
    orders: records("platform-order"),
    undertakings: records("undertaking"),
  };
}

/** Whether a member of staff is bound to confidentiality at a moment, epoch milliseconds. */
export function hasUndertaken(
  { undertakings }: FiledRecords,
  staffRef: string,
  now: number,
): boolean {
  return undertakings.some(
    (one) =>
      one.staffRef === staffRef &&
      Date.parse(one.signedAt) <= now &&
      (one.validUntil === undefined || now < Date.parse(one.validUntil)),
  );
}
