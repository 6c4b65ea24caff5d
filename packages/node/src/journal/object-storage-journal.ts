import { PrivacyError } from "@miniprivacy/core/errors";
import type { ObjectStorageClient } from "../connector/object-storage-client.ts";
import { type Bucket, failureOf, withBucket } from "../connector/s3-bucket.ts";
import { forgetting } from "./forgetting.ts";
import { journalDamaged } from "./journal-line.ts";
import {
  keyOf,
  parseSegment,
  parseSegmentKey,
  type Segment,
  type SegmentKey,
  segmentText,
} from "./journal-segment.ts";
import type { Journal, JournalPosition, JournalRecord } from "./journal.ts";

export interface ObjectStorageJournalOptions {
  readonly client: ObjectStorageClient;
  readonly bucket: string;
  /** What the keys of its objects begin with, e.g. `miniprivacy/journal/`. Nothing else may lie there. */
  readonly prefix: string;
}

const EMPTY: JournalPosition = { begun: false, size: 0 };

/**
 * A journal in a bucket of object storage that speaks the S3 protocol. Every addition is an object of its own, numbered
 * without a gap: one that is missing or cut off is noticed. Needs the package `@aws-sdk/client-s3`.
 */
export function objectStorageJournal(options: ObjectStorageJournalOptions): Journal {
  const { client, bucket: name, prefix } = options;
  let known = { number: 0, position: EMPTY };
  let last: Promise<unknown> = Promise.resolve();
  const onBucket = <Result>(work: (bucket: Bucket) => Promise<Result>): Promise<Result> =>
    withBucket(client, name, work);

  /** One call after the other: two that located the end at once would both write there. */
  function inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  }

  /** Every segment after a number, each once: one that is being written anew is there twice for a moment. */
  async function* keysAfter(number: number): AsyncIterable<SegmentKey> {
    let expected = number + 1;
    let from = prefix + afterNumber(number);
    for (;;) {
      const page = await onBucket(({ s3, client: own }) =>
        own.send(new s3.ListObjectsV2Command({ Bucket: name, Prefix: prefix, StartAfter: from })),
      );
      for (const { Key: key = "" } of page.Contents ?? []) {
        from = key;
        const found = parseSegmentKey(key.slice(prefix.length));
        if (found.number === expected - 1) continue;
        if (found.number !== expected) throw journalDamaged();
        expected++;
        yield found;
      }
      if (page.IsTruncated !== true) return;
    }
  }

  function getSegment(key: SegmentKey): Promise<Segment> {
    return onBucket(async ({ s3, client: own }) => {
      const object = await own.send(
        new s3.GetObjectCommand({ Bucket: name, Key: prefix + keyOf(key) }),
      );
      return parseSegment(key.number, (await object.Body?.transformToString()) ?? "");
    });
  }

  /** Another process may have added since. */
  async function locate(): Promise<typeof known> {
    let newest: SegmentKey | undefined;
    for await (const key of keysAfter(known.number)) newest = key;
    if (newest !== undefined)
      known = { number: newest.number, position: (await getSegment(newest)).position };
    return known;
  }

  /** Whoever has lost the turn meanwhile must not take the place of what another has added. */
  async function append(records: readonly JournalRecord[]): Promise<void> {
    const { number, position } = await locate();
    const { key, text, position: after } = segmentText({ number: number + 1, position, records });
    await onBucket(async ({ s3, client: own }) => {
      const object = { Bucket: name, Key: prefix + key, Body: text, IfNoneMatch: "*" };
      await own.send(new s3.PutObjectCommand(object)).catch((cause: unknown) => {
        if (failureOf(cause).status === 412)
          throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the journal has moved on" });
        throw cause;
      });
    });
    known = { number: number + 1, position: after };
  }

  /** What was forgotten is written down before anything goes. */
  async function forget(before: Date): Promise<number> {
    const forgot = forgetting(before);
    const old: SegmentKey[] = [];
    for await (const key of keysAfter(0)) {
      if (key.oldestEntry === undefined || key.oldestEntry >= before.getTime()) continue;
      for (const record of (await getSegment(key)).records) forgot.keep(record);
      old.push(key);
    }
    if (forgot.dropped === 0) return 0;
    await append([forgot.trace]);
    for (const key of old) await rewrite(key, before);
    return forgot.dropped;
  }

  async function rewrite(key: SegmentKey, before: Date): Promise<void> {
    const forgot = forgetting(before);
    const segment = await getSegment(key);
    const records = segment.records.filter((record) => forgot.keep(record) !== undefined);
    const { key: anew, text } = segmentText({ ...segment, records });
    await onBucket(async ({ s3, client: own }) => {
      await own.send(new s3.PutObjectCommand({ Bucket: name, Key: prefix + anew, Body: text }));
      const old = { Bucket: name, Key: prefix + keyOf(key) };
      if (anew !== keyOf(key)) await own.send(new s3.DeleteObjectCommand(old));
    });
  }

  return {
    position: () => inTurn(async () => (await locate()).position),
    append: (records) =>
      inTurn(async () => {
        if (records.length > 0) await append(records);
      }),
    async *read() {
      for await (const key of keysAfter(0)) yield* (await getSegment(key)).records;
    },
    forget: (before) => inTurn(() => forget(before)),
  };
}

/** A name that is after every name of a segment with this number, and before those of the next. */
function afterNumber(number: number): string {
  return keyOf({ number }).replace(".log", "~");
}
