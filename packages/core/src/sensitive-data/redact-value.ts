import { FEWEST_DIGITS } from "./digit-cluster.ts";
import { isPlausible } from "./field-value.ts";
import { maskedText } from "./redact.ts";
import { displayMask } from "./display-mask.ts";
import { holdsSomething } from "./held-value.ts";
import { memberName } from "./member-name.ts";
import { SCAN_LIMITS } from "./value-walk.ts";
import { scanRules, type ScanOptions, type ScanRules } from "./scan-text.ts";
import type { DataCategoryId } from "./sensitive-category.ts";

/** Stands for what could not be looked through. */
export const UNREAD = "[unread]";

/**
 * A copy of a value in which everything a scan finds is masked: texts, names of members, members by their names.
 *
 * Goes through objects, arrays, Map, Set, errors with their message, stack and cause, and what `toJSON` gives. Numbers
 * become texts when they are masked. What cannot be read, or lies past the limits of a scan, reads `[unread]`.
 */
export function redactValue<Value>(value: Value, options: ScanOptions = {}): Value {
  return maskedValue(value, scanRules(options));
}

/** A copy of a value in which what the rules list is masked. */
export function maskedValue<Value>(value: Value, rules: ScanRules): Value {
  return createCopy(rules)(value, 0) as Value;
}

/** Copies one value. */
function createCopy(rules: ScanRules): (item: unknown, depth: number) => unknown {
  const above: object[] = [];
  let nodes = 0;

  function copy(item: unknown, depth: number): unknown {
    if (typeof item === "string")
      return item.length > SCAN_LIMITS.characters ? UNREAD : maskedText(item, rules);
    if (typeof item === "number" || typeof item === "bigint") return copyNumber(item);
    if (typeof item !== "object" || item === null) return item;
    if (++nodes > SCAN_LIMITS.nodes || depth > SCAN_LIMITS.depth || above.includes(item))
      return UNREAD;
    above.push(item);
    try {
      return copyObject(item, depth + 1);
    } catch {
      return UNREAD;
    } finally {
      above.pop();
    }
  }

  function copyNumber(number: number | bigint): unknown {
    const text = String(number);
    const masked = text.length < FEWEST_DIGITS ? text : maskedText(text, rules);
    return masked === text ? number : masked;
  }

  function copyObject(item: object, depth: number): unknown {
    if (Array.isArray(item)) return item.map((inner) => copy(inner, depth));
    if (item instanceof Error) return copyError(item, depth);
    if (item instanceof Map)
      return new Map(Array.from(item, ([key, inner]) => copyEntry(key, inner, depth)));
    if (item instanceof Set) return new Set(Array.from(item, (inner) => copy(inner, depth)));
    if (item instanceof Date) return item;
    const boxed: unknown = item.valueOf();
    if (typeof boxed !== "object") return copy(boxed, depth);
    if ("toJSON" in item && typeof item.toJSON === "function") return copy(item.toJSON(), depth);
    if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer) return UNREAD;
    const copied: Record<string, unknown> = {};
    for (const key of Object.keys(item)) {
      const [name, inner] = copyEntry(key, (item as Record<string, unknown>)[key], depth);
      Object.defineProperty(copied, freeName(copied, name), { ...OPEN, value: inner });
    }
    return copied;
  }

  function copyEntry<Key>(key: Key, inner: unknown, depth: number): [Key, unknown] {
    if (typeof key !== "string") return [copy(key, depth) as Key, copy(inner, depth)];
    const { category, isClean } = memberName(key, rules);
    const masked =
      category !== undefined &&
      holdsSomething(inner) &&
      isPlausible(category, key, inner, rules.childrenSince)
        ? mask(category, inner)
        : copy(inner, depth);
    return [isClean ? key : (maskedText(key, rules) as Key), masked];
  }

  /** The stack of an error repeats its message. */
  function copyError(error: Error, depth: number): Error {
    const copied: Error = Object.create(Object.getPrototypeOf(error) as object) as Error;
    const own = Object.keys(error);
    for (const key of new Set(["name", "message", "stack", "cause", "errors", ...own])) {
      if (!(key in error)) continue;
      const [, value] = copyEntry(key, (error as unknown as Record<string, unknown>)[key], depth);
      Object.defineProperty(copied, key, { ...OPEN, value, enumerable: own.includes(key) });
    }
    return copied;
  }

  return copy;
}

const OPEN = { enumerable: true, configurable: true, writable: true } as const;

/** Two names may look alike when they are masked. */
function freeName(taken: object, name: string): string {
  return Object.keys(taken).includes(name) ? freeName(taken, `${name}*`) : name;
}

function mask(category: DataCategoryId, value: unknown): unknown {
  if (typeof value === "object") return "***";
  const text = `${value as string | number | boolean | bigint}`;
  const [head, tail] = displayMask(category, text);
  return (
    text.slice(0, head) + "*".repeat(text.length - head - tail) + text.slice(text.length - tail)
  );
}
