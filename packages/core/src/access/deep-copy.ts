export type Plain = { [name: string]: unknown };

/** Deeper parts of a value come out undefined: no row of a database is nested so far. */
const MOST_DEPTH = 500;

/**
 * Copies plain data, each object once, so that shared and circular parts cost no more than others. Whatever has
 * behaviour of its own (functions, class instances, symbols) becomes undefined.
 */
export function deepCopy(value: unknown): unknown {
  return typeof value === "object" && value !== null
    ? copyObject(value, new Map(), MOST_DEPTH)
    : copyPrimitive(value);
}

function copyPrimitive(value: unknown): unknown {
  return typeof value === "function" || typeof value === "symbol" ? undefined : value;
}

function copyObject(value: object, copies: Map<object, unknown>, depth: number): unknown {
  if (copies.has(value)) return copies.get(value);
  if (depth === 0) return undefined;
  const copyInner = (inner: unknown): unknown =>
    typeof inner === "object" && inner !== null
      ? copyObject(inner, copies, depth - 1)
      : copyPrimitive(inner);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    copies.set(value, items);
    for (const item of value) items.push(copyInner(item));
    return items;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const out: Plain = {};
  copies.set(value, out);
  for (const name of Object.keys(value)) assign(out, name, copyInner((value as Plain)[name]));
  return out;
}

/** Sets a member of a fresh object; no name, not even `__proto__`, reaches a setter. */
export function assign(target: Plain, name: string, value: unknown): void {
  if (name !== "__proto__") target[name] = value;
  else
    Object.defineProperty(target, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

export function own(row: Plain, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

export function isPlainObject(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
