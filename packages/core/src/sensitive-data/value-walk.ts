import { isPlausible } from "./field-value.ts";
import { type Candidate, CATEGORY_OF_CONTENT, type Finding } from "./finding.ts";
import { holdsSomething, isPlain } from "./held-value.ts";
import { memberName } from "./member-name.ts";
import type { Provenance } from "./provenance.ts";
import { roundedIdConfidence } from "./resident-id.ts";
import { isIgnored, type ScanRules, textFindings } from "./scan-text.ts";
import type { DataCategoryId } from "./sensitive-category.ts";
import { shownKey } from "./shown-key.ts";

/** What a scan will go through at most; past it, it did not finish. `findings` is how many are told. */
export const SCAN_LIMITS = {
  depth: 32,
  nodes: 100_000,
  characters: 4_000_000,
  findings: 1000,
} as const;

/** Where a value stands: a member or item of what stands at `within`, which the root has none of. */
export interface Place {
  readonly within: Place | undefined;
  readonly key: string | number;
}

/** What is known of a place without reading a text. */
export interface Known {
  /** In which place among the texts it stands. */
  readonly slot: number;
  readonly finding: Finding;
  /** For the name of a member: which texts from there to `slot` may tell the same. */
  readonly from: number | undefined;
}

/** What a value holds, in the order it stands. What is known takes the slot of an empty text. */
export interface Leaves {
  readonly texts: string[];
  readonly places: Place[];
  readonly known: Known[];
}

/** Takes values apart, within the limits of one scan. */
export interface Walk {
  /** The leaves of a value; as far as the limits allow. */
  leavesOf(value: unknown, place: Place, depth: number): Leaves;
  /** Whether nothing was left out, and all could be read. */
  isComplete(): boolean;
}

const OVER_LIMIT = "over-limit";

/** Goes through values, each part of which is read once. */
export function createWalk(
  rules: ScanRules,
  maxBytes: number,
  provenance: Provenance | undefined,
): Walk {
  let leaves: Leaves;
  let nodes = 0;
  let bytes = 0;
  let everythingRead = true;
  let overLimit = false;

  function leavesOf(value: unknown, { within, key }: Place, depth: number): Leaves {
    leaves = { texts: [], places: [], known: [] };
    const all = leaves;
    try {
      visit(value, within, key, depth);
    } catch (error) {
      if (error !== OVER_LIMIT) throw error;
      overLimit = true;
    }
    return all;
  }

  function visit(
    item: unknown,
    within: Place | undefined,
    key: string | number,
    depth: number,
  ): void {
    if (++nodes > SCAN_LIMITS.nodes || depth > SCAN_LIMITS.depth) throw OVER_LIMIT;
    if (provenance !== undefined) visitOrigin(provenance.categoryOf(item), within, key);
    if (typeof item === "string") {
      bytes += bytes + item.length * 3 > maxBytes ? byteLength(item) : item.length;
      if (bytes > maxBytes) throw OVER_LIMIT;
      addText(item, within, key);
    } else if (typeof item === "number") visitNumber(item, within, key);
    else if (typeof item === "object" && item !== null) visitSafely(item, { within, key }, depth);
    else if (typeof item === "bigint") addText(String(item), within, key);
  }

  function addText(text: string, within: Place | undefined, key: string | number): void {
    leaves.texts.push(text);
    leaves.places.push({ within, key });
  }

  function addKnown(found: Candidate, place: Place, from?: number): void {
    const slot = leaves.texts.length;
    leaves.known.push({ slot, finding: { ...found, path: pathOf(place) }, from });
    addText("", place.within, place.key);
  }

  function visitOrigin(
    category: DataCategoryId | undefined,
    within: Place | undefined,
    key: string | number,
  ): void {
    if (category === undefined || isIgnored(category, rules)) return;
    const evidence = "provenance";
    addKnown(
      { type: evidence, category, start: 0, end: 0, confidence: 0.95, evidence },
      { within, key },
    );
  }

  function visitNumber(number: number, within: Place | undefined, key: string | number): void {
    const size = Math.abs(number);
    if (size < 1e10 || size >= 1e21 || !Number.isInteger(size)) return;
    const text = String(size);
    const type = "cn-resident-id";
    const category = CATEGORY_OF_CONTENT[type];
    const confidence = Number.isSafeInteger(size)
      ? 0
      : roundedIdConfidence(Array.from(text, Number));
    if (confidence === 0 || isIgnored(category, rules)) return addText(text, within, key);
    const span = { start: 0, end: text.length };
    addKnown({ type, category, ...span, confidence, evidence: "content" }, { within, key });
  }

  /** A getter, proxy, iterator or `toJSON` may fail: what it hides is not known, the rest still is. */
  function visitSafely(item: object, place: Place, depth: number): void {
    try {
      if (Array.isArray(item)) visitItems(item, place, depth);
      else if (isPlain(item)) visitOwn(item, place, depth);
      else visitInstance(item, place, depth);
    } catch (error) {
      if (error === OVER_LIMIT) throw error;
      everythingRead = false;
    }
  }

  function visitItems(items: readonly unknown[], place: Place, depth: number): void {
    for (let i = 0; i < items.length; i++) visit(items[i], place, i, depth + 1);
  }

  function visitOwn(item: object, place: Place, depth: number): void {
    const { toJSON, [Symbol.iterator]: iterator } = item as {
      readonly toJSON?: unknown;
      readonly [Symbol.iterator]?: unknown;
    };
    if (typeof toJSON === "function") {
      const json: unknown = toJSON.call(item, "");
      if (json !== item) visit(json, place.within, place.key, depth + 1);
    }
    if (iterator !== undefined) visitIterable(item as Iterable<unknown>, place, depth);
    for (const key of Object.keys(item)) {
      let inner: unknown;
      try {
        inner = (item as { readonly [key: string]: unknown })[key];
      } catch {
        everythingRead = false;
        continue;
      }
      visitMember(key, inner, place, depth);
    }
  }

  /** Errors hold text beside their members; what others hold beside theirs is known only if they can tell. */
  function visitInstance(item: object, place: Place, depth: number): void {
    const content = primitiveOf(item);
    if (content !== undefined) return visit(content, place.within, place.key, depth + 1);
    const tag = tagOf(item);
    if (tag === "Error")
      for (const key of ["message", "stack", "cause", "errors"])
        visit((item as Record<string, unknown>)[key], place, key, depth + 1);
    else if (tag !== "Object" && tag !== "RegExp" && !("toJSON" in item || Symbol.iterator in item))
      everythingRead = false;
    visitOwn(item, place, depth);
  }

  /** Pairs with a name in front are members, as in a Map or a form. An iterator that can run only once is left alone. */
  function visitIterable(items: Iterable<unknown>, place: Place, depth: number): void {
    if ((items[Symbol.iterator]() as unknown) === items) {
      everythingRead = false;
      return;
    }
    let index = 0;
    for (const inner of items) {
      if (Array.isArray(inner) && inner.length === 2 && typeof inner[0] === "string")
        visitMember(inner[0], inner[1], place, depth);
      else visit(inner, place, index, depth + 1);
      index++;
    }
  }

  function visitMember(key: string, inner: unknown, place: Place, depth: number): void {
    const { category, isClean } = memberName(key, rules);
    if (!isClean) for (const found of textFindings(key, "", rules)) addKnown(found, place);
    const from = leaves.texts.length;
    visit(inner, place, key, depth + 1);
    if (category === undefined || !holdsSomething(inner)) return;
    if (!isPlausible(category, key, inner, rules.childrenSince)) return;
    const end = typeof inner === "string" ? inner.length : 0;
    const evidence = "field-name";
    const found = { type: "field", category, start: 0, end, confidence: 0.8, evidence } as const;
    addKnown(found, { within: place, key }, from);
  }

  return { leavesOf, isComplete: () => everythingRead && !overLimit };
}

/** A JSON path. */
export function pathOf({ within, key }: Place): string {
  if (within === undefined) return "$";
  return pathOf(within) + (typeof key === "number" ? `[${key}]` : `.${shownKey(key)}`);
}

/** How many bytes a text has in UTF-8. */
function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** The text or number that an object stands for: bytes as UTF-8, and `Object("…")`. */
function primitiveOf(item: object): unknown {
  if (ArrayBuffer.isView(item))
    return textOf(new Uint8Array(item.buffer, item.byteOffset, item.byteLength));
  const tag = tagOf(item);
  if (tag === "ArrayBuffer" || tag === "SharedArrayBuffer")
    return textOf(new Uint8Array(item as ArrayBuffer));
  return BOXES.includes(tag) ? item.valueOf() : undefined;
}
const BOXES: readonly string[] = ["String", "Number", "BigInt", "Boolean"];

/** @throws URIError for bytes that are no UTF-8 */
function textOf(bytes: Uint8Array): string {
  if (bytes.length > SCAN_LIMITS.characters) throw OVER_LIMIT;
  return decodeURIComponent(
    Array.from(bytes, (byte) => `%${(byte + 256).toString(16).slice(1)}`).join(""),
  );
}

function tagOf(item: object): string {
  return Object.prototype.toString.call(item).slice("[object ".length, -1);
}
