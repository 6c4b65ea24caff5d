import {
  appendLeaves,
  type Checkpoint,
  EMPTY_FRONTIER,
  frontierRoot,
  parseCheckpoint,
  parseSignedNote,
} from "@miniprivacy/core/log";
import type { Unit } from "../database/database.ts";
import { verifyEd25519 } from "../key/verify-ed25519.ts";
import { loadLogHead } from "../log/log-append.ts";
import type { LogSigner } from "../log/log-signer.ts";
import { sha256 } from "../log/sha256.ts";
import { journalDamaged } from "./journal-line.ts";
import type { Journal, JournalRecord } from "./journal.ts";
import { type DatedEntry, datedEntry } from "./ledger-entry.ts";

/** What a journal holds, checked against a database. */
export interface JournalSurvey {
  readonly begun: boolean;
  /** How many leaves it holds. */
  readonly size: number;
  /** Whether the database has a leaf that the journal has otherwise: it went another way. */
  readonly forked: boolean;
  /** A database with fewer leaves lacks entries of the ledger that were forgotten. */
  readonly forgotten: number;
  readonly ledger: readonly DatedEntry[];
}

/**
 * Reads a journal from the first record on: its leaves must follow one another, be those of the database as far as that
 * reaches, and come to the roots that its checkpoints sign.
 *
 * @throws PrivacyError `ERR_STORE_UNAVAILABLE` when the journal is damaged or another log's.
 */
export async function surveyJournal(
  unit: Unit,
  journal: Journal,
  signer: LogSigner,
): Promise<JournalSurvey> {
  const head = await loadLogHead(unit);
  const ledger: DatedEntry[] = [];
  let tree = EMPTY_FRONTIER;
  let newest: string | undefined;
  let begun = false;
  let forked = false;
  let forgotten = 0;
  for await (const record of journal.read()) {
    begun = true;
    switch (record.type) {
      case "leaves":
        if (record.from !== tree.size) throw journalDamaged();
        forked ||= !(await hasLeaves(unit, record, head.size));
        tree = appendLeaves(tree, record.hashes, sha256);
        break;
      case "checkpoint": {
        const { size, root } = checkpointIn(record.note);
        if (size !== tree.size || !isSame(root, frontierRoot(tree))) throw journalDamaged();
        newest = record.note;
        break;
      }
      case "ledger":
        ledger.push(datedEntry(record));
        break;
      case "forgotten":
        forgotten = Math.max(forgotten, record.size);
        break;
      case "start":
        break;
      default:
        throw record satisfies never;
    }
  }
  if (newest !== undefined) await requireSigned(newest, signer);
  return { begun, size: tree.size, forked, forgotten, ledger };
}

/** Whether those of the leaves that the database reaches to are its own. */
async function hasLeaves(
  unit: Unit,
  { from, hashes }: Extract<JournalRecord, { readonly type: "leaves" }>,
  size: number,
): Promise<boolean> {
  const end = Math.min(size, from + hashes.length);
  if (from >= end) return true;
  const rows = await unit
    .selectFrom("log_leaf")
    .select("leaf_hash")
    .where("leaf_index", ">=", from)
    .where("leaf_index", "<", end)
    .orderBy("leaf_index")
    .execute();
  return rows.length === end - from && rows.every((row, i) => isSame(row.leaf_hash, hashes[i]!));
}

function checkpointIn(note: string): Checkpoint {
  try {
    return parseCheckpoint(parseSignedNote(note).text);
  } catch {
    throw journalDamaged();
  }
}

/** One signature is enough: the root below it covers every leaf before. */
async function requireSigned(note: string, { origin, publicJwk }: LogSigner): Promise<void> {
  const { text, signatures } = parseSignedNote(note);
  const key = Buffer.from(publicJwk.x, "base64url");
  for (const { signature } of signatures.filter(({ name }) => name === origin))
    if (await verifyEd25519(key, Buffer.from(text), Buffer.from(signature))) return;
  throw journalDamaged();
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
