import { type AccessDenialReason } from "@miniprivacy/core";
import { sql } from "kysely";
import type { Unit } from "../database/database.ts";

/** Which entries of the access log are asked for. */
export interface AccessLogQuery {
  readonly since?: Date;
  /** (now) */
  readonly until?: Date;
  readonly purpose?: string;
  readonly category?: string;
  readonly caller?: string;
  /** The most entries to answer with. */
  readonly limit: number;
}

/** Reads that were alike, within half a second. */
export interface AccessLogEntry {
  /** When the first of them was, RFC 3339. */
  readonly at: string;
  /** Null where nothing is stored of the subject. */
  readonly subjectRef: string | null;
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly decision: "permitted" | "denied";
  /** Why it was denied; of one that observing let through, why it will be. */
  readonly reason?: AccessDenialReason;
  readonly caller: string;
  readonly recipient?: string;
  readonly count: number;
}

/** What is read now and will be denied once observing is over. */
export interface ObservedReads {
  readonly purpose: string;
  readonly categories: readonly string[];
  readonly reason: AccessDenialReason;
  readonly caller: string;
  readonly recipient?: string;
  readonly count: number;
  readonly lastAt: string;
}

/** Who read what for which purpose, oldest first. */
export async function queryAccessLog(
  unit: Unit,
  tenant: string,
  { since, until, purpose, category, caller, limit }: AccessLogQuery,
): Promise<readonly AccessLogEntry[]> {
  let query = unit
    .selectFrom("access_log")
    .select([
      "at",
      "subject_ref",
      "purpose",
      "categories",
      "permitted",
      "reason",
      "caller",
      "recipient",
      "count",
    ])
    .where("tenant", "=", tenant);
  if (since !== undefined) query = query.where("at", ">=", since);
  if (until !== undefined) query = query.where("at", "<", until);
  if (purpose !== undefined) query = query.where("purpose", "=", purpose);
  if (category !== undefined)
    query = query.where(sql<boolean>`categories @> array[${category}]::text[]`);
  if (caller !== undefined) query = query.where("caller", "=", caller);
  const rows = await query.orderBy("at").orderBy("id").limit(limit).execute();
  return rows.map((row) => ({
    at: row.at.toISOString(),
    subjectRef: row.subject_ref,
    purpose: row.purpose,
    categories: row.categories,
    decision: row.permitted ? "permitted" : "denied",
    ...(row.reason !== null && { reason: row.reason as AccessDenialReason }),
    caller: row.caller,
    ...(row.recipient !== null && { recipient: row.recipient }),
    count: row.count,
  }));
}

/** What a running shop that observes would have denied, most frequent first. */
export async function observedReads(
  unit: Unit,
  tenant: string,
  since: Date,
): Promise<readonly ObservedReads[]> {
  const rows = await unit
    .selectFrom("access_log")
    .select(({ fn }) => [
      "purpose",
      "categories",
      "reason",
      "caller",
      "recipient",
      fn.sum<string>("count").as("count"),
      fn.max("at").as("last_at"),
    ])
    .where("tenant", "=", tenant)
    .where("at", ">=", since)
    .where("permitted", "=", true)
    .where("reason", "is not", null)
    .groupBy(["purpose", "categories", "reason", "caller", "recipient"])
    .orderBy("count", "desc")
    .execute();
  return rows.map(({ count, last_at, reason, recipient, ...read }) => ({
    ...read,
    ...(recipient !== null && { recipient }),
    reason: reason as AccessDenialReason,
    count: Number(count),
    lastAt: last_at.toISOString(),
  }));
}
