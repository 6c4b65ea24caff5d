import { PrivacyError } from "../errors/privacy-error.ts";

/** How deep a value may nest. */
export const MAX_JSON_DEPTH = 128;

const LONE_SURROGATE = /[\uD800-\uDFFF]/u;

/**
 * Writes the canonical JSON of a value: the only form we hash and sign.
 *
 * Takes plain data only. A `toJSON` method is not called.
 *
 * @throws PrivacyError `ERR_INPUT_INVALID` for undefined, functions, symbols, bigint, NaN, infinities, lone surrogates,
 * accessors, sparse arrays, objects that are not plain, and nesting deeper than 128.
 * @see RFC 8785
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

/** A JSON string as RFC 8785 §3.2.2.2 writes it. */
export function canonicalString(text: string): string {
  if (isPlain(text)) return `"${text}"`;
  if (LONE_SURROGATE.test(text)) throw notJson("lone surrogate");
  return JSON.stringify(text);
}

/** Whether a text stands for itself between quotes: most do, and looking is faster than asking JSON.stringify. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff))
      return false;
  }
  return true;
}

/** A JSON number as RFC 8785 §3.2.2.3 writes it. */
export function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw notJson("number");
  return String(value);
}

/** The fault of a value that canonical JSON cannot write. */
export function notJson(detail: string): PrivacyError {
  return new PrivacyError("ERR_INPUT_INVALID", { detail: `not JSON: ${detail}` });
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return canonicalString(value);
    case "number":
      return canonicalNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (depth === MAX_JSON_DEPTH) throw notJson("too deep");
      return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
    default:
      throw notJson(typeof value);
  }
}

function writeArray(items: readonly unknown[], depth: number): string {
  let out = "[";
  for (let i = 0; i < items.length; i++) {
    if (!Object.hasOwn(items, i)) throw notJson("sparse array");
    if (i > 0) out += ",";
    out += write(items[i], depth);
  }
  return `${out}]`;
}

function writeObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw notJson("object with a prototype");
  if (Object.getOwnPropertySymbols(value).length > 0) throw notJson("symbol key");
  let out = "{";
  // The default sort compares UTF-16 code units, which is what RFC 8785 §3.2.3 asks for.
  for (const key of Object.keys(value).sort()) {
    const member = Object.getOwnPropertyDescriptor(value, key)!;
    if (!("value" in member)) throw notJson("accessor");
    if (out.length > 1) out += ",";
    out += `${canonicalString(key)}:${write(member.value, depth)}`;
  }
  return `${out}}`;
}
