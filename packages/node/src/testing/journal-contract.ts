import { deepEqual, equal } from "node:assert/strict";
import type { Journal, JournalRecord } from "../journal/journal.ts";
import type { ContractCase } from "./contract-case.ts";

/**
 * What every journal must do.
 *
 * @param open Opens the journal of a name: the same name, the same journal, as two processes would.
 */
export function journalContract(
  open: (name: string) => Journal | Promise<Journal>,
): readonly ContractCase[] {
  return [
    {
      name: "an empty journal holds no leaves",
      async run() {
        deepEqual(await (await open("empty")).position(), { begun: false, size: 0 });
      },
    },
    {
      name: "one that was begun is told from an empty one",
      async run() {
        await (await open("begun")).append([{ type: "start" }]);
        deepEqual(await (await open("begun")).position(), { begun: true, size: 0 });
      },
    },
    {
      name: "calls that come together are carried out one after the other",
      async run() {
        const journal = await open("together");
        const bytes = Array.from({ length: 20 }, (_, i) => i);
        await Promise.all(
          bytes.flatMap((byte) => [journal.append([leaves(byte, byte)]), journal.position()]),
        );
        await stands(await open("together"), 20, 19);
      },
    },
    {
      name: "it stands where its last leaf is, whatever checkpoints follow",
      async run() {
        const journal = await open("stands");
        await journal.append([leaves(0, 1, 2), CHECKPOINT]);
        await journal.append([leaves(2, 3), CHECKPOINT, CHECKPOINT]);
        await stands(journal, 3, 3);
      },
    },
    {
      name: "the next process finds what the one before wrote",
      async run() {
        await (await open("next")).append([leaves(0, 1, 2)]);
        await stands(await open("next"), 2, 2);
      },
    },
    {
      name: "one process sees what another wrote after it",
      async run() {
        const [one, two] = [await open("both"), await open("both")];
        await one.append([leaves(0, 1)]);
        await two.append([leaves(1, 2)]);
        await stands(one, 2, 2);
        await one.append([leaves(2, 3)]);
        await stands(two, 3, 3);
      },
    },
    {
      name: "many leaves go in at once",
      async run() {
        const bytes = Array.from({ length: 50_000 }, (_, i) => i % 256);
        await (await open("many")).append([leaves(0, ...bytes), CHECKPOINT]);
        const journal = await open("many");
        await stands(journal, bytes.length, bytes.at(-1)!);
        let next = 0;
        for await (const record of journal.read()) {
          if (record.type !== "leaves") continue;
          equal(record.from, next);
          for (const hash of record.hashes) deepEqual(Buffer.from(hash), leaf(bytes[next++]!));
        }
        equal(next, bytes.length);
      },
    },
    {
      name: "an empty one has nothing to read",
      async run() {
        deepEqual(await readAll(await open("nothing")), []);
      },
    },
    {
      name: "every record is read as it was added, in order",
      async run() {
        const journal = await open("read");
        await journal.append([{ type: "start" }, leaves(0, 1), CHECKPOINT]);
        await (await open("read")).append([erasure(1, 1)]);
        await journal.append([leaves(1, 2), erasure(2, 2)]);
        const added = [
          { type: "start" },
          leaves(0, 1),
          CHECKPOINT,
          erasure(1, 1),
          leaves(1, 2),
          erasure(2, 2),
        ];
        deepEqual(await readAll(journal), added);
        deepEqual(await readAll(await open("read")), added);
      },
    },
    {
      name: "erasures of before a moment are forgotten, and nothing else is",
      async run() {
        const journal = await open("forget");
        const rest = [{ type: "start" }, leaves(0, 1, 2), CHECKPOINT] as const;
        await journal.append([erasure(1, 1), ...rest, erasure(2, 2), erasure(3, 2)]);
        equal(await journal.forget(day(3)), 2);
        const read = await readAll(await open("forget"));
        deepEqual(
          read.filter(({ type }) => type !== "forgotten"),
          [...rest, erasure(3, 2)],
        );
        equal(forgottenSize(read), 2);
        await stands(journal, 2, 2);
        await (await open("forget")).append([leaves(2, 3)]);
        await stands(journal, 3, 3);
        equal(await journal.forget(day(3)), 0);
        equal(await journal.forget(day(4)), 1);
        equal(forgottenSize(await readAll(journal)), 2);
      },
    },
  ];
}

const CHECKPOINT: JournalRecord = { type: "checkpoint", note: "log\n1\nroot\n\n— log AAAAAAAA\n" };

function leaves(from: number, ...bytes: readonly number[]): JournalRecord {
  return { type: "leaves", from, hashes: bytes.map(leaf) };
}

function leaf(byte: number): Uint8Array {
  return Buffer.alloc(32, byte);
}

/** Of a day of its own. */
function erasure(number: number, size: number): JournalRecord {
  return { type: "ledger", at: day(number).toISOString(), size, entry: { number } };
}

function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, number));
}

async function readAll(journal: Journal): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const record of journal.read())
    records.push(
      record.type === "leaves" ? { ...record, hashes: record.hashes.map(copied) } : record,
    );
  return records;
}

/** A plain array compares by its bytes, whatever kind of bytes a journal gives. */
function copied(hash: Uint8Array): Uint8Array {
  return Buffer.from(hash);
}

function forgottenSize(records: readonly JournalRecord[]): number {
  return Math.max(...records.map((record) => (record.type === "forgotten" ? record.size : 0)));
}

async function stands(journal: Journal, size: number, lastByte: number): Promise<void> {
  const position = await journal.position();
  equal(position.size, size);
  deepEqual(Buffer.from(position.lastLeaf!), leaf(lastByte));
}
