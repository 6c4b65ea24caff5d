import { createHash } from "node:crypto";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import type { Journal, JournalPosition, JournalRecord } from "./journal.ts";

/** A record as one line: the first eight hex digits of its SHA-256, a space, JSON. */
const LINE = /^([0-9a-f]{8}) (\{.*\})$/;
/** How much of the end is read to find the last leaves: more than any record. */
const TAIL_BYTES = 1_048_576;
const MOST_HASHES = 4096;
const HASH_BYTES = 32;

/**
 * A journal in one file of a folder, only ever added to. Keep the folder outside the database's backup; several
 * processes need the same folder.
 *
 * @param dir Made when missing, readable by its owner only.
 */
export function fileJournal(dir: string): Journal {
  const folder = resolve(dir);
  const path = join(folder, "journal.log");
  let known: Located | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** One call after the other: two that located the end at once would both write there. */
  function inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = last.then(call).catch((cause: unknown) => {
      known = undefined;
      if (cause instanceof PrivacyError) throw cause;
      throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "journal", cause });
    });
    last = result.catch(() => undefined);
    return result;
  }

  /** Another process may have written since, and be in the middle of a line: that line is not counted. */
  async function locate(file: FileHandle): Promise<Located> {
    const { size: bytes } = await file.stat();
    if (known?.bytes === bytes) return known;
    const tail = await readTail(file, bytes);
    const complete = tail.lastIndexOf("\n") + 1;
    const position = lastPosition(tail.toString("utf8", 0, complete));
    known = { position, bytes: bytes - tail.length + complete };
    return known;
  }

  async function position(): Promise<JournalPosition> {
    const file = await openExisting(path);
    if (file === undefined) return EMPTY;
    try {
      return (await locate(file)).position;
    } finally {
      await file.close();
    }
  }

  async function append(records: readonly JournalRecord[]): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(path, "a+", 0o600);
    try {
      const before = await locate(file);
      // Whoever writes has the turn: a line that is not finished was left by a process that died.
      await file.truncate(before.bytes);
      const text = records.flatMap(linesOf).join("");
      await file.appendFile(text);
      await file.sync();
      const after = { ...before.position, begun: before.position.begun || text !== "" };
      known = {
        position: { ...after, ...lastOf(records) },
        bytes: before.bytes + Buffer.byteLength(text),
      };
    } finally {
      await file.close();
    }
  }

  return {
    folder,
    position: () => inTurn(position),
    append: (records) => inTurn(() => append(records)),
  };
}

/** Where a journal stands, and where its last whole line ends. */
interface Located {
  readonly position: JournalPosition;
  readonly bytes: number;
}

const EMPTY: JournalPosition = { begun: false, size: 0 };

/** Undefined where there is none. */
async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

function linesOf(record: JournalRecord): readonly string[] {
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

function line(content: object): string {
  const json = JSON.stringify(content);
  return `${checksum(json)} ${json}\n`;
}

function checksum(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, 8);
}

/** The last lines, from the beginning of one. */
async function readTail(file: FileHandle, bytes: number): Promise<Buffer> {
  const length = Math.min(bytes, TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, bytes - length);
  const tail = buffer.subarray(0, bytesRead);
  return length === bytes ? tail : tail.subarray(tail.indexOf("\n") + 1);
}

function lastPosition(text: string): JournalPosition {
  const lines = text.split("\n").slice(0, -1);
  for (const each of lines.toReversed()) {
    const record = parseLine(each);
    if (record.type === "leaves") return { begun: true, size: 0, ...lastOf([record]) };
  }
  return { begun: lines.length > 0, size: 0 };
}

function lastOf(
  records: readonly JournalRecord[],
): Pick<JournalPosition, "size" | "lastLeaf"> | undefined {
  const last = records.findLast((record) => record.type === "leaves");
  if (last === undefined || last.hashes.length === 0) return undefined;
  return { size: last.from + last.hashes.length, lastLeaf: last.hashes.at(-1)! };
}

function parseLine(text: string): JournalRecord {
  const [, sum, json] = LINE.exec(text) ?? [];
  if (json === undefined || checksum(json) !== sum)
    throw new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "the journal is damaged" });
  const record = JSON.parse(json) as Exclude<JournalRecord, { type: "leaves" }> | StoredLeaves;
  if (record.type !== "leaves") return record;
  const bytes = Buffer.from(record.hashes, "base64");
  const hashes = Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
  return { type: "leaves", from: record.from, hashes };
}

interface StoredLeaves {
  readonly type: "leaves";
  readonly from: number;
  readonly hashes: string;
}
