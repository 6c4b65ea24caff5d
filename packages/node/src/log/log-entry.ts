import { canonicalJson } from "@miniprivacy/core";
import { blindedDigest } from "@miniprivacy/core/log";
import { drawBlinding } from "./blinding.ts";
import { sha256 } from "./sha256.ts";

/** What an entry says, before it is blinded. */
export interface LogContent {
  readonly tenant: string;
  readonly kind: string;
  /** Whom it is about, by subjectRef; null for entries about nobody. */
  readonly subjectRef: string | null;
  /** Same key, same entry: the second is refused as a duplicate. */
  readonly dedupeKey: string | null;
  readonly content: object;
  /** What the entry decides about, e.g. a purpose (null). */
  readonly topic?: string;
  /** Whether it denies its topic (false). */
  readonly denies?: boolean;
  /** Appended only while the subject's link exists and nothing after this leaf denies the topic (no condition). */
  readonly asOf?: number;
}

/** An entry ready for the log: its body is blinded, its digest known before it is committed. */
export interface LogEntry extends Omit<LogContent, "content"> {
  readonly body: Uint8Array;
  readonly blinding: Uint8Array;
  /** What the leaf commits to, hex. */
  readonly leafDigest: string;
}

export function prepareLogEntry({ content, ...entry }: LogContent): LogEntry {
  const body = Buffer.from(canonicalJson(content));
  const blinding = drawBlinding();
  const leafDigest = Buffer.from(blindedDigest(body, blinding, sha256)).toString("hex");
  return { ...entry, body, blinding, leafDigest };
}

/** An entry with what is stored beside it. */
export interface LogAppend {
  readonly entry: LogEntry;
  /** The signed statement made with the entry, e.g. a consent receipt. */
  readonly statement: string | null;
  readonly recordedAt: Date;
}

/** Why an entry was not appended: its key is taken, its subject is gone, or its topic was denied meanwhile. */
export type AppendRefusal = "duplicate" | "unlinked" | "stale";
