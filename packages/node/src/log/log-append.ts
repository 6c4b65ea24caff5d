import { appendLeaves, leafContent, leafHash, type LogFrontier } from "@miniprivacy/core/log";
import { CompiledQuery } from "kysely";
import type { Unit } from "../database/database.ts";
import type { AppendRefusal, LogAppend } from "./log-entry.ts";
import { sha256 } from "./sha256.ts";

/** What became of a batch: all of it is in the log, or nothing. */
export type BatchOutcome =
  | { readonly appended: true; readonly head: LogFrontier }
  /** Another process was first: the head given is not the log's. */
  | { readonly appended: false; readonly refused: ReadonlyMap<number, AppendRefusal> };

interface AppendRow {
  readonly appended: boolean;
  readonly refused: readonly [position: number, reason: AppendRefusal][] | null;
}

/** Runs the statement and gives its one row: in a transaction, or by a connection that has it prepared. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<AppendRow>;

const APPEND = `-- prepared as append-batch
    with input as materialized (
      select * from unnest(
        $1::int[], $2::bigint[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::boolean[], $10::bytea[], $11::bytea[], $12::text[], $13::timestamptz[], $14::bigint[]
      ) as t(position, leaf_index, leaf_hash, tenant, kind, subject_ref, dedupe_key, topic, denies, body, blinding,
        statement, recorded_at, as_of)
    ),
    refused as (
      select position, reason from (
        select position, case
          when dedupe_key is not null and exists (
            select 1 from log_event e where e.tenant = i.tenant and e.dedupe_key = i.dedupe_key) then 'duplicate'
          when as_of is not null and not exists (
            select 1 from subject s where s.tenant = i.tenant and s.ref = i.subject_ref
              and s.linked_to is null) then 'unlinked'
          when exists (
            select 1 from log_event e where e.tenant = i.tenant and e.subject_ref = i.subject_ref
              and e.topic = i.topic and e.denies and e.leaf_index > i.as_of) then 'stale'
        end as reason from input i
      ) checked where reason is not null
    ),
    head as (
      update log_head set size = $15, frontier = $16
      where id = 1 and size = $17 and not exists (select 1 from refused) returning id
    ),
    leaves as (
      insert into log_leaf (leaf_index, leaf_hash)
      select leaf_index, leaf_hash from input where exists (select 1 from head)
    ),
    events as (
      insert into log_event (tenant, leaf_index, kind, subject_ref, dedupe_key, topic, denies, body, blinding,
        statement, recorded_at)
      select tenant, leaf_index, kind, subject_ref, dedupe_key, topic, denies, body, blinding, statement, recorded_at
      from input where exists (select 1 from head)
    )
    select exists (select 1 from head) as appended,
      (select json_agg(json_build_array(position, reason)) from refused) as refused`;

/**
 * Appends entries in one statement: it compares and swaps the head, checks every entry's condition, and inserts events
 * and leaves. Whoever brings an old head changes nothing.
 *
 * @param head The log as the caller knows it; the first entry gets its size as leaf index.
 * @returns Refused entries by their position in the batch; none of them means that the head was old.
 */
export async function appendBatch(
  run: RunStatement,
  head: LogFrontier,
  batch: readonly LogAppend[],
): Promise<BatchOutcome> {
  const hashes = batch.map(({ entry }) =>
    leafHash(leafContent(Buffer.from(entry.leafDigest, "hex")), sha256),
  );
  const next = appendLeaves(head, hashes, sha256);
  const column = <Value>(value: (append: LogAppend, position: number) => Value): Value[] =>
    batch.map(value);
  const outcome = await run(APPEND, [
    column((_append, i) => i),
    column((_append, i) => head.size + i),
    hashes,
    column(({ entry }) => entry.tenant),
    column(({ entry }) => entry.kind),
    column(({ entry }) => entry.subjectRef),
    column(({ entry }) => entry.dedupeKey),
    column(({ entry }) => entry.topic ?? null),
    column(({ entry }) => entry.denies ?? false),
    column(({ entry }) => entry.body),
    column(({ entry }) => entry.blinding),
    column(({ statement }) => statement),
    column(({ recordedAt }) => recordedAt.toISOString()),
    column(({ entry }) => entry.asOf ?? null),
    next.size,
    Buffer.concat(next.nodes),
    head.size,
  ]);
  return outcome.appended
    ? { appended: true, head: next }
    : { appended: false, refused: new Map(outcome.refused ?? []) };
}

/**
 * Appends one entry as part of the caller's transaction, which from here on holds the head.
 *
 * @returns The leaf's index.
 */
export async function appendInTransaction(unit: Unit, append: LogAppend): Promise<number> {
  const head = await lockLogHead(unit);
  const run: RunStatement = async (text, values) =>
    (await unit.executeQuery<AppendRow>(CompiledQuery.raw(text, [...values]))).rows[0]!;
  const outcome = await appendBatch(run, head, [append]);
  if (!outcome.appended) throw new Error("the log's head moved while it was held");
  return head.size;
}

/** Takes the head row for this transaction: others wait. */
export function lockLogHead(unit: Unit): Promise<LogFrontier> {
  return readHead(unit, true);
}

/** The log's head as it stands, held by nobody. */
export function loadLogHead(unit: Unit): Promise<LogFrontier> {
  return readHead(unit, false);
}

async function readHead(unit: Unit, locked: boolean): Promise<LogFrontier> {
  const query = unit.selectFrom("log_head").select(["size", "frontier"]).where("id", "=", 1);
  const { size, frontier } = await (locked ? query.forUpdate() : query).executeTakeFirstOrThrow();
  const nodes = Array.from({ length: frontier.length / 32 }, (_, i) =>
    frontier.subarray(i * 32, (i + 1) * 32),
  );
  return { size: Number(size), nodes };
}
