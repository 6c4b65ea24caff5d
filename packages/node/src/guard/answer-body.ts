import type { Guard } from "@miniprivacy/core/sensitive-data";
import { redactJson } from "./redact-json.ts";

/** What the headers of an answer say of its body. */
export interface AnswerHead {
  readonly type: string | null | undefined;
  readonly encoding: string | null | undefined;
}

/** What may leave of a body: as it is, another one, or nothing. */
export type ClearedBody =
  | { readonly action: "pass" }
  | { readonly action: "mask"; readonly body: Buffer<ArrayBuffer> }
  | { readonly action: "block" };

/** Headers that a masked body makes untrue. */
export const DIGEST_HEADERS: readonly string[] = [
  "accept-ranges",
  "content-length",
  "content-md5",
  "digest",
  "etag",
  "repr-digest",
  "transfer-encoding",
];
/** All that tell of the body, for one that was not sent. */
export const BODY_HEADERS: readonly string[] = [
  ...DIGEST_HEADERS,
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-range",
  "content-type",
  "last-modified",
];

/**
 * A type that is no text by its name: nothing in it is looked at. `application/octet-stream` is none: it is what
 * frameworks say of everything they do not know.
 */
export function isBinary(type: string | null | undefined): boolean {
  const bare = (type ?? "").split(";")[0]!.trim().toLowerCase();
  return /^(?:image\/(?!svg)|audio\/|video\/|font\/)/.test(bare) || BINARY.has(bare);
}
const BINARY: ReadonlySet<string> = new Set(
  "pdf zip gzip x-tar wasm protobuf x-protobuf msgpack vnd.ms-excel msword"
    .split(" ")
    .concat("vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    .concat("vnd.openxmlformats-officedocument.wordprocessingml.document")
    .map((name) => `application/${name}`),
);

/** A stream of events has no end at which it could be looked through. */
export function isEndless(type: string | null | undefined): boolean {
  return /^\s*text\/event-stream\b/i.test(type ?? "");
}

/**
 * Looks through the whole body of an answer. What cannot be read (compressed, another charset, no text) is blocked
 * unless the guard only reports; so is what masking has not cleared.
 */
export function clearBody(guard: Guard, head: AnswerHead, bytes: Uint8Array): ClearedBody {
  try {
    return clearText(guard, readText(head, bytes));
  } catch {
    // The host's `onFinding` may throw, too: what was not looked through does not leave.
    return { action: guard.mode === "report" ? "pass" : "block" };
  }
}

function clearText(guard: Guard, text: string | undefined): ClearedBody {
  if (text === undefined) return { action: guard.mode === "report" ? "pass" : "block" };
  const { action } = guard.inspect(text);
  return action === "block" && guard.mode === "redact" ? maskText(guard, text) : { action };
}

function maskText(guard: Guard, text: string): ClearedBody {
  if (text.includes(LOST)) return { action: "block" };
  const json = redactJson(guard, text);
  const masked = json ?? guard.redact(text);
  // In a text that is no JSON the name of a field may tell of a value that nobody can find the end of.
  if (json === undefined && guard.inspect(masked).action === "block") return { action: "block" };
  return { action: "mask", body: Buffer.from(masked) };
}

function readText({ type, encoding }: AnswerHead, bytes: Uint8Array): string | undefined {
  if (encoding && encoding.trim().toLowerCase() !== "identity") return undefined;
  const charset = /charset\s*=\s*"?([^\s";]*)/i.exec(type ?? "")?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) return undefined;
  const fatal = !/^\s*application\/octet-stream\b/i.test(type ?? "");
  try {
    return new TextDecoder("utf-8", { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Stands for bytes that are no text, where there may be some: then a text cannot be put in their place. */
const LOST = "\uFFFD";
