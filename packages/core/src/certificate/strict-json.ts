import { PrivacyError } from "../errors/privacy-error.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import type { JsonValue } from "../json/json-value.ts";

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * Reads JSON in which no object names a member twice: readers disagree on which of the two counts.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` when the text is not JSON or repeats a name.
 */
export function parseStrictJson(text: string): JsonValue {
  const value = parseJson(text);
  const open: Set<string>[] = [];
  let lastString = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") addName(open.at(-1)!, JSON.parse(lastString) as string);
    else lastString = token;
  }
  return value;
}

/** Whether a text is the RFC 8785 form of the value read from it. */
export function isCanonicalJson(text: string, value: JsonValue): boolean {
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "not JSON" });
  }
}

function addName(names: Set<string>, name: string): void {
  if (names.has(name))
    throw new PrivacyError("ERR_INPUT_INVALID", { detail: "not JSON: name used twice" });
  names.add(name);
}
