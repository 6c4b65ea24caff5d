import { createHash } from "node:crypto";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { JournalPosition, JournalRecord } from "./journal.ts";

/** A record as one line: the first eight hex digits of its SHA-256, a space, JSON. */
const LINE = /^([0-9a-f]{8}) (\{.*\})$/;
const MOST_HASHES = 4096;
const HASH_BYTES = 32;

/** A record as lines, each with its end; many leaves take several. */
export function linesOf(record: JournalRecord): readonly string[] {
  if (record.type !== "leaves") return [line(record)];
  const { type, from, hashes } = record;
  return Array.from({ length: Math.ceil(hashes.length / MOST_HASHES) }, (_, i) => {
    const part = hashes.slice(i * MOST_HASHES, (i + 1) * MOST_HASHES);
    return line({
      type,
      from: from + i * MOST_HASHES,
      hashes: Buffer.concat(part).toString("base64"),
    });
  });
}

/** @throws PrivacyError `ERR_STORE_UNAVAILABLE` for a line that is not as it was written. */
export function parseLine(text: string): JournalRecord {
  const [, sum, json] = LINE.exec(text) ?? [];
  if (json === undefined || checksum(json) !== sum) throw journalDamaged();
  const record = JSON.parse(json) as Exclude<JournalRecord, { type: "leaves" }> | StoredLeaves;
  if (record.type !== "leaves") return record;
  const bytes = Buffer.from(record.hashes, "base64");
  const hashes = Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
  return { type: "leaves", from: record.from, hashes };
}

/** Where a journal stands that ends with these records, if they say so. */
export function lastOf(
  records: readonly JournalRecord[],
): Pick<JournalPosition, "size" | "lastLeaf"> | undefined {
  const last = records.findLast((record) => record.type === "leaves");
  if (last === undefined || last.hashes.length === 0) return undefined;
  return { size: last.from + last.hashes.length, lastLeaf: last.hashes.at(-1)! };
}

export function journalDamaged(): PrivacyError {
  return new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the journal is damaged" });
}

function line(content: object): string {
  const json = JSON.stringify(content);
  return `${checksum(json)} ${json}\n`;
}

function checksum(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, 8);
}

interface StoredLeaves {
  readonly type: "leaves";
  readonly from: number;
  readonly hashes: string;
}
