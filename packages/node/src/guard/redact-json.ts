import type { Guard } from "@miniprivacy/core/sensitive-data";

/**
 * Masks a JSON text by its structure. Numbers that JavaScript would round stay as they were written, and of two members
 * with one name the last stays.
 *
 * The message of an error (beside a `stack`) is a text, whatever its name says of other objects.
 *
 * @param textKey A member of the outermost object that is a text too (none).
 * @returns undefined for a text that is no JSON.
 */
export function redactJson(guard: Guard, text: string, textKey?: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(withExactNumbers(text), (_key, value: unknown) =>
      isWrittenError(value)
        ? renamed(value, (key) => (key === "message" ? key + SAID : key))
        : value,
    );
  } catch {
    return undefined;
  }
  if (textKey !== undefined && isObject(parsed))
    parsed = renamed(parsed, (key) => (key === textKey ? key + SAID : key));
  const masked = JSON.stringify(guard.redact(parsed as never), (_key, value: unknown) =>
    isObject(value) ? renamed(value, withoutSaid) : value,
  );
  return masked.replaceAll(EXACT_NUMBER, "$1").replaceAll(EXACT, "");
}

/** Ends the name of a member that is a text: then the name says nothing of what it holds. */
const SAID = "\0said";
/** Begins a number that is written as a string meanwhile; for private use, so no text of anybody's. */
const EXACT = "\uE0F1";
const EXACT_NUMBER = /"\uE0F1(-?\d+)"/g;

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;

function withExactNumbers(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replaceAll(STRING_OR_NUMBER, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token))
      ? `"${EXACT}${token}"`
      : token,
  );
}

type JsonObject = { readonly [key: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWrittenError(value: unknown): value is JsonObject {
  return (
    isObject(value) && typeof value["message"] === "string" && typeof value["stack"] === "string"
  );
}

function renamed(object: JsonObject, rename: (key: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [rename(key), value]));
}

function withoutSaid(key: string): string {
  return key.endsWith(SAID) ? key.slice(0, -SAID.length) : key;
}
