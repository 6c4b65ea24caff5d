import { canonicalJson, canonicalNumber, canonicalString, notJson } from "./canonical-json.ts";

/** A form known beforehand: `string`, `number`, `boolean`, `json` for anything, an object, an array or an optional member. */
export type CanonicalShape =
  | "string"
  | "number"
  | "boolean"
  | "json"
  | { readonly array: CanonicalShape }
  | { readonly optional: CanonicalShape }
  | { readonly object: { readonly [name: string]: CanonicalShape } };

/**
 * Compiles a writer for values of one shape: keys are sorted once, not at every call.
 *
 * @returns A function that writes the same bytes as `canonicalJson`; it throws `ERR_INPUT_INVALID` for a missing or
 * an extra member and for a value of another kind.
 */
export function compileCanonicalShape(shape: CanonicalShape): (value: unknown) => string {
  if (shape === "json") return canonicalJson;
  if (shape === "string") return writeString;
  if (shape === "number") return writeNumber;
  if (shape === "boolean") return writeBoolean;
  if ("array" in shape) return arrayWriter(compileCanonicalShape(shape.array));
  if ("object" in shape) return objectWriter(shape.object);
  throw new TypeError("only a member can be optional");
}

function writeString(value: unknown): string {
  if (typeof value !== "string") throw notJson("not a string");
  return canonicalString(value);
}

function writeNumber(value: unknown): string {
  if (typeof value !== "number") throw notJson("not a number");
  return canonicalNumber(value);
}

function writeBoolean(value: unknown): string {
  if (typeof value !== "boolean") throw notJson("not a boolean");
  return value ? "true" : "false";
}

function arrayWriter(write: (value: unknown) => string): (value: unknown) => string {
  return (value) => {
    if (!Array.isArray(value)) throw notJson("not an array");
    let out = "[";
    for (let i = 0; i < value.length; i++) out += i === 0 ? write(value[i]) : `,${write(value[i])}`;
    return `${out}]`;
  };
}

interface MemberWriter {
  readonly name: string;
  readonly prefix: string;
  readonly optional: boolean;
  readonly write: (value: unknown) => string;
}

function objectWriter(members: {
  readonly [name: string]: CanonicalShape;
}): (value: unknown) => string {
  const writers = Object.entries(members)
    .map(([name, shape]) => memberWriter(name, shape))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return (value) => {
    if (typeof value !== "object" || value === null) throw notJson("not an object");
    let out = "";
    let count = 0;
    for (const { name, prefix, optional, write } of writers) {
      const present = Object.hasOwn(value, name);
      if (!present && optional) continue;
      if (!present) throw notJson("a member is missing");
      out +=
        (count++ === 0 ? prefix : `,${prefix}`) +
        write((value as { readonly [name: string]: unknown })[name]);
    }
    if (Object.keys(value).length !== count) throw notJson("an extra member");
    return `{${out}}`;
  };
}

function memberWriter(name: string, shape: CanonicalShape): MemberWriter {
  const optional = typeof shape === "object" && "optional" in shape;
  const write = compileCanonicalShape(optional ? shape.optional : shape);
  return { name, prefix: `${canonicalString(name)}:`, optional, write };
}
