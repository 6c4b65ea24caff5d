import { mkdir, open, realpath, rename, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { PrivacyError } from "@miniprivacy/core/errors";
import { forgetting } from "./forgetting.ts";
import type { Journal, JournalPosition, JournalRecord } from "./journal.ts";
import { lastOf, linesOf, parseLine } from "./journal-line.ts";

/** How much of the end is read to find the last leaves: more than any record. */
const TAIL_BYTES = 1_048_576;
/** How much is read or written at once. */
const CHUNK_BYTES = 1_048_576;

/**
 * A journal in one file of a folder, added to at its end. Keep the folder outside the database's backup; several
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
      throw unavailable(cause);
    });
    last = result.catch(() => undefined);
    return result;
  }

  /** Another process may have written since, and be in the middle of a line: that line is not counted. */
  async function locate(file: FileHandle): Promise<Located> {
    const { size: bytes, ino } = await file.stat();
    if (known?.bytes === bytes && known.ino === ino) return known;
    const tail = await readTail(file, bytes);
    const complete = tail.lastIndexOf("\n") + 1;
    const lines = tail.toString("utf8", 0, complete).split("\n").slice(0, -1);
    const records = tail.length === bytes ? undefined : read();
    const last = lastOf(lines.map(parseLine)) ?? (records && (await lastAmong(records)));
    const position = { begun: bytes - tail.length + complete > 0, size: 0, ...last };
    known = { position, bytes: bytes - tail.length + complete, ino };
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
        ino: before.ino,
      };
    } finally {
      await file.close();
    }
  }

  async function* read(): AsyncIterable<JournalRecord> {
    const file = await openExisting(path);
    if (file === undefined) return;
    try {
      for await (const line of wholeLines(file)) yield parseLine(line);
    } finally {
      await file.close();
    }
  }

  /** The file is written anew beside itself and put in its place whole: whoever is reading it reads on in the old one. */
  async function forget(before: Date): Promise<number> {
    const forgot = forgetting(before);
    for await (const record of read()) forgot.keep(record);
    if (forgot.dropped === 0) return 0;
    const aside = join(folder, "journal.new");
    const file = await open(aside, "w", 0o600);
    try {
      await writeKept(file, read(), before);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
    await syncFolder(folder);
    known = undefined;
    return forgot.dropped;
  }

  return {
    async liesIn(database) {
      if (database.folder === undefined) return false;
      const [outer, inner] = await Promise.all([realPath(database.folder), realPath(folder)]);
      return `${inner}/`.startsWith(`${outer}/`);
    },
    position: () => inTurn(position),
    append: (records) => inTurn(() => append(records)),
    async *read() {
      try {
        yield* read();
      } catch (cause) {
        throw unavailable(cause);
      }
    },
    forget: (before) => inTurn(() => forget(before)),
  };
}

/** Where a journal stands, and where the last whole line of which file ends. */
interface Located {
  readonly position: JournalPosition;
  readonly bytes: number;
  readonly ino: number;
}

const EMPTY: JournalPosition = { begun: false, size: 0 };

function unavailable(cause: unknown): PrivacyError {
  if (cause instanceof PrivacyError) return cause;
  return new PrivacyError("ERR_STORE_UNAVAILABLE", { detail: "journal", cause });
}

/** Undefined where there is none. */
async function openExisting(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

/** The last lines, from the beginning of one. */
async function readTail(file: FileHandle, bytes: number): Promise<Buffer> {
  const length = Math.min(bytes, TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, bytes - length);
  const tail = buffer.subarray(0, bytesRead);
  return length === bytes ? tail : tail.subarray(tail.indexOf("\n") + 1);
}

/** Every line that has its end. */
async function* wholeLines(file: FileHandle): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES));
    if (bytesRead === 0) return;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const complete = rest.lastIndexOf("\n") + 1;
    yield* rest.toString("utf8", 0, complete).split("\n").slice(0, -1);
    rest = rest.subarray(complete);
  }
}

async function writeKept(
  file: FileHandle,
  records: AsyncIterable<JournalRecord>,
  before: Date,
): Promise<void> {
  const forgot = forgetting(before);
  let text = "";
  for await (const record of records) {
    const kept = forgot.keep(record);
    if (kept === undefined) continue;
    text += linesOf(kept).join("");
    if (text.length < CHUNK_BYTES) continue;
    await file.appendFile(text);
    text = "";
  }
  await file.appendFile(text + linesOf(forgot.trace).join(""));
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** For an end that tells of no leaves. */
async function lastAmong(
  records: AsyncIterable<JournalRecord>,
): Promise<ReturnType<typeof lastOf>> {
  let last: ReturnType<typeof lastOf>;
  for await (const record of records) last = lastOf([record]) ?? last;
  return last;
}

/** Where a path leads through links, be its end there yet or not. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw cause;
    return join(await realPath(dirname(path)), basename(path));
  }
}
