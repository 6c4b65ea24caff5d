import { canonicalJson } from "@miniprivacy/core";

/** A value as JSON would carry it, in canonical form; undefined for what no JSON can carry. Nothing at all is `null`. */
export function valueForm(value: unknown): string | undefined {
  try {
    return canonicalJson(JSON.parse(JSON.stringify(value ?? null, digitsOfBigInt)));
  } catch {
    return undefined;
  }
}

/** Whether what a store shows is what it was given: drivers give numbers as texts, truth as 1, and moments as dates. */
export function isSameValue(found: unknown, given: unknown): boolean {
  if (found instanceof Date || given instanceof Date) return momentOf(found) === momentOf(given);
  const form = valueForm(given);
  if (form !== undefined && valueForm(found) === form) return true;
  if (!isScalar(found) || !isScalar(given)) return false;
  // Of two texts, only the same one will do.
  if (typeof found === "string" && typeof given === "string") return false;
  return String(found) === String(given) || Number(found) === Number(given);
}

function momentOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}

function isScalar(value: unknown): boolean {
  return (
    ["number", "bigint", "boolean"].includes(typeof value) ||
    (typeof value === "string" && value.trim() !== "")
  );
}

function digitsOfBigInt(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
