import { journalDamaged, lastOf, linesOf, parseLine } from "./journal-line.ts";
import type { JournalPosition, JournalRecord } from "./journal.ts";

/** What was added to a journal at once. */
export interface Segment {
  /** From 1 on, without a gap. */
  readonly number: number;
  /** Where the journal stood before, or after: what its own records say counts. */
  readonly position: JournalPosition;
  readonly records: readonly JournalRecord[];
}

/** How a segment is named: by its number, and when the oldest erasure in it was. */
export interface SegmentKey {
  readonly number: number;
  /** Epoch milliseconds (there is none in it). */
  readonly oldestEntry?: number | undefined;
}

/** Names are in the order of numbers. */
const KEY = /^(\d{15})(?:-(\d+))?\.log$/;
const HEADER = /^(\d+) (\d+) (\d+) ([\w-]*)$/;

export function keyOf({ number, oldestEntry }: SegmentKey): string {
  const digits = String(number).padStart(15, "0");
  return `${digits}${oldestEntry === undefined ? "" : `-${oldestEntry}`}.log`;
}

/** @throws PrivacyError `ERR_STORE_UNAVAILABLE` for a name of something else. */
export function parseSegmentKey(name: string): SegmentKey {
  const [, number, oldest] = KEY.exec(name) ?? [];
  if (number === undefined) throw journalDamaged();
  return {
    number: Number(number),
    ...(oldest !== undefined && { oldestEntry: Number(oldest) }),
  };
}

/** A segment as it is stored, its name, and where the journal stands after it. */
export function segmentText({ number, position, records }: Segment): {
  readonly key: string;
  readonly text: string;
  readonly position: JournalPosition;
} {
  const after = { ...position, begun: true, ...lastOf(records) };
  const lines = records.flatMap(linesOf);
  const lastLeaf = Buffer.from(after.lastLeaf ?? []).toString("base64url");
  const header = `${number} ${lines.length} ${after.size} ${lastLeaf}\n`;
  const erasures = records.flatMap((one) => (one.type === "ledger" ? [Date.parse(one.at)] : []));
  const oldestEntry = erasures.length === 0 ? undefined : Math.min(...erasures);
  return {
    key: keyOf({ number, oldestEntry }),
    text: header + lines.join(""),
    position: after,
  };
}

/** @throws PrivacyError `ERR_STORE_UNAVAILABLE` for one that was cut off, changed, or is another's. */
export function parseSegment(expected: number, text: string): Segment {
  const [first = "", ...lines] = text.split("\n");
  const [, number, count, size, lastLeaf] = HEADER.exec(first) ?? [];
  const isWhole = lines.pop() === "" && lines.length === Number(count);
  if (!isWhole || Number(number) !== expected) throw journalDamaged();
  return {
    number: expected,
    position: {
      begun: true,
      size: Number(size),
      ...(lastLeaf !== "" && { lastLeaf: Buffer.from(lastLeaf!, "base64url") }),
    },
    records: lines.map(parseLine),
  };
}
