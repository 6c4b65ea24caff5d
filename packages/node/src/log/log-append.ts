import { randomBytes } from "node:crypto";
import {
  appendLeaf,
  BLINDING_BYTES,
  blindedDigest,
  leafContent,
  leafHash,
  type LogFrontier,
} from "@miniprivacy/core/log";
import { canonicalJson } from "@miniprivacy/core";
import type { Unit } from "../database/database.ts";

/** An entry prepared for the log: its body is blinded, its digest known before it is committed. */
export interface LogEntry {
  readonly tenant: string;
  readonly kind: string;
  readonly subjectRef: string | null;
  readonly dedupeKey: string | null;
  readonly body: Uint8Array;
  readonly blinding: Uint8Array;
  /** What the leaf commits to, hex. */
  readonly leafDigest: string;
}

export function prepareLogEntry(
  entry: Pick<LogEntry, "tenant" | "kind" | "subjectRef" | "dedupeKey"> & {
    readonly content: object;
  },
): LogEntry {
  const { content, ...rest } = entry;
  const body = Buffer.from(canonicalJson(content));
  const blinding = randomBytes(BLINDING_BYTES);
  return {
    ...rest,
    body,
    blinding,
    leafDigest: Buffer.from(blindedDigest(body, blinding)).toString("hex"),
  };
}

/**
 * Appends one entry inside the caller's transaction, which must already hold the head ({@link lockLogHead}).
 *
 * @returns The leaf's index: the only order of commits.
 */
export async function appendLogEntry(
  unit: Unit,
  head: LogFrontier,
  entry: LogEntry,
  statement: string | null,
  now: Date,
): Promise<{ readonly leafIndex: number; readonly head: LogFrontier }> {
  const leafIndex = head.size;
  const hash = leafHash(leafContent(Buffer.from(entry.leafDigest, "hex")));
  const next = appendLeaf(head, hash);
  const { tenant, kind, body, blinding } = entry;
  await unit.insertInto("log_leaf").values({ leaf_index: leafIndex, leaf_hash: hash }).execute();
  await unit
    .insertInto("log_event")
    .values({
      tenant,
      leaf_index: leafIndex,
      kind,
      subject_ref: entry.subjectRef,
      dedupe_key: entry.dedupeKey,
      body,
      blinding,
      statement,
      recorded_at: now,
    })
    .execute();
  await unit
    .updateTable("log_head")
    .set({ size: next.size, frontier: Buffer.concat(next.nodes) })
    .where("id", "=", 1)
    .execute();
  return { leafIndex, head: next };
}

/** Takes the head row for this transaction: appends wait for each other, so indices have no gaps. */
export async function lockLogHead(unit: Unit): Promise<LogFrontier> {
  const { size, frontier } = await unit
    .selectFrom("log_head")
    .select(["size", "frontier"])
    .where("id", "=", 1)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const nodes = Array.from({ length: frontier.length / 32 }, (_, i) =>
    frontier.subarray(i * 32, (i + 1) * 32),
  );
  return { size: Number(size), nodes };
}
