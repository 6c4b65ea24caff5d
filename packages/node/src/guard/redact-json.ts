import type { Guard } from "@miniprivacy/core/sensitive-data";

/**
 * Masks a JSON text by its structure. Numbers that JavaScript would round stay as they were written, and of two members
 * with one name the last stays.
 *
 * @returns undefined for a text that is no JSON.
 */
export function redactJson(guard: Guard, text: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(withExactNumbers(text));
  } catch {
    return undefined;
  }
  const masked = JSON.stringify(guard.redact(parsed));
  return masked.replaceAll(EXACT_NUMBER, "$1").replaceAll(EXACT, "");
}

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
