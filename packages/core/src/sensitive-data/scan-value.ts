import { FEWEST_DIGITS } from "./digit-cluster.ts";
import { isPlausible } from "./field-value.ts";
import { CATEGORY_OF_CONTENT, type Finding } from "./finding.ts";
import type { Provenance } from "./provenance.ts";
import { roundedIdConfidence } from "./resident-id.ts";
import {
  listedField,
  scanRules,
  type ScanOptions,
  type ScanRules,
  textFindings,
} from "./scan-text.ts";
import type { DataCategoryId } from "./sensitive-category.ts";
import { shownKey } from "./shown-key.ts";

/** What a scan will go through at most; past it, it did not finish. `findings` is how many are told. */
export const SCAN_LIMITS = {
  depth: 32,
  nodes: 100_000,
  characters: 4_000_000,
  findings: 1000,
} as const;

export interface ValueScanOptions extends ScanOptions {
  /** Bytes of text in UTF-8 that are gone through at most (4,000,000). */
  readonly maxBytes?: number;
  /** Where values came from, as far as it was told. */
  readonly provenance?: Provenance;
}

export type ValueScan =
  | { readonly finished: true; readonly findings: readonly Finding[] }
  /** The value is deeper or larger than {@link SCAN_LIMITS}, or part of it could not be read. */
  | { readonly finished: false; readonly findings: readonly Finding[] };

/**
 * Finds personal data in a value by content, by the names of fields and by where it came from.
 *
 * Goes through objects, arrays, whatever can be iterated more than once (Map, Set, FormData, Headers), bytes that are
 * UTF-8, JSON inside strings, and what `toJSON` gives. Each is read once: a getter that answers otherwise the next
 * time is not seen through. Streams, blobs, promises and bytes that are no text cannot be read: not finished.
 */
export function scanValue(value: unknown, options: ValueScanOptions = {}): ValueScan {
  const findings: Finding[] = [];
  const scan = createScan(options, findings);
  try {
    scan.visit(value, 0);
    return { finished: scan.everythingRead(), findings };
  } catch (error) {
    if (error !== OVER_LIMIT) throw error;
    return { finished: false, findings };
  }
}

const OVER_LIMIT = "over-limit";

interface Scan {
  visit(item: unknown, depth: number): void;
  everythingRead(): boolean;
}

/** One scan under way; it throws `OVER_LIMIT`. */
function createScan(options: ValueScanOptions, findings: Finding[]): Scan {
  const { provenance, maxBytes = SCAN_LIMITS.characters } = options;
  const rules = scanRules(options);
  const path: (string | number)[] = [];
  const names = new Map<string, DataCategoryId | undefined>();
  const clean = new Set<string>();
  let everythingRead = true;
  let nodes = 0;
  let bytes = 0;
  let texts = 0;

  /** The category of a field by its name, if the profile lists it. */
  function categoryOf(name: string): DataCategoryId | undefined {
    const known = names.get(name);
    if (known !== undefined || names.has(name)) return known;
    const listed = listedField(name, rules);
    names.set(name, listed);
    return listed;
  }

  function visit(item: unknown, depth: number): void {
    if (++nodes > SCAN_LIMITS.nodes || depth > SCAN_LIMITS.depth) throw OVER_LIMIT;
    if (provenance !== undefined) visitOrigin(provenance.categoryOf(item));
    if (typeof item === "string") visitText(item, depth);
    else if (typeof item === "number") visitNumber(item);
    else if (typeof item === "bigint") tell(textFindings(String(item), where(), rules));
    else if (typeof item === "object" && item !== null) visitSafely(item, depth);
  }

  function visitOrigin(category: DataCategoryId | undefined): void {
    if (category === undefined || isIgnored(rules, category)) return;
    const evidence = "provenance";
    tell([
      { type: evidence, category, path: where(), start: 0, end: 0, confidence: 0.95, evidence },
    ]);
  }

  /**
   * A text is looked at as it stands; only one that holds something is parsed, to tell where. What parsing does not
   * show (a name that stands twice, a rounded number, a fault) is told of the text as a whole.
   */
  function visitText(text: string, depth: number): void {
    bytes += bytes + text.length * 3 > maxBytes ? byteLength(text) : text.length;
    if (bytes > maxBytes) throw OVER_LIMIT;
    const seen = textFindings(text, "", rules);
    if (seen.length === 0) return;
    const known = findings.length;
    const parsed = parseJson(text);
    if (parsed !== undefined && texts < DEEPEST_TEXT) {
      texts++;
      visit(parsed, depth + 1);
      texts--;
    }
    const placed = findings.slice(known);
    for (const category of new Set(seen.map((finding) => finding.category))) {
      const all = seen.filter((finding) => finding.category === category);
      const told = placed.filter((finding) => finding.category === category).length;
      const path = where();
      tell(all.slice(told).map((finding) => ({ ...finding, path })));
    }
  }

  function visitNumber(number: number): void {
    const size = Math.abs(number);
    if (!Number.isInteger(size) || size < 1e10 || size >= 1e21) return;
    const text = String(size);
    const type = "cn-resident-id";
    const category = CATEGORY_OF_CONTENT[type];
    const confidence = Number.isSafeInteger(size)
      ? 0
      : roundedIdConfidence(Array.from(text, Number));
    if (confidence === 0 || isIgnored(rules, category))
      return tell(textFindings(text, where(), rules));
    const span = { start: 0, end: text.length };
    tell([{ type, category, path: where(), ...span, confidence, evidence: "content" }]);
  }

  /** A getter, proxy, iterator or `toJSON` may fail: what it hides is not known, the rest still is. */
  function visitSafely(item: object, depth: number): void {
    const { length } = path;
    try {
      visitObject(item, depth);
    } catch (error) {
      if (error === OVER_LIMIT) throw error;
      path.length = length;
      everythingRead = false;
    }
  }

  function visitObject(item: object, depth: number): void {
    if (Array.isArray(item)) return visitItems(item, depth);
    if (!isPlain(item)) {
      const content = primitiveOf(item);
      if (content !== undefined) return visit(content, depth + 1);
      visitInstance(item, depth);
    }
    const { toJSON } = item as { readonly toJSON?: unknown };
    if (typeof toJSON === "function") {
      const json: unknown = toJSON.call(item, "");
      if (json !== item) visit(json, depth + 1);
    }
    if (Symbol.iterator in item) visitIterable(item as Iterable<unknown>, depth);
    for (const key of Object.keys(item)) visitOwn(item as Record<string, unknown>, key, depth);
  }

  function visitOwn(item: { readonly [key: string]: unknown }, key: string, depth: number): void {
    let inner: unknown;
    try {
      inner = item[key];
    } catch {
      everythingRead = false;
      return;
    }
    visitMember(key, inner, depth);
  }

  function visitItems(items: readonly unknown[], depth: number): void {
    for (let i = 0; i < items.length; i++) within(i, items[i], depth);
  }

  /** Pairs with a name in front are members, as in a Map or a form. An iterator that can run only once is left alone. */
  function visitIterable(items: Iterable<unknown>, depth: number): void {
    if ((items[Symbol.iterator]() as unknown) === items) {
      everythingRead = false;
      return;
    }
    let index = 0;
    for (const inner of items) {
      if (Array.isArray(inner) && inner.length === 2 && typeof inner[0] === "string")
        visitMember(inner[0], inner[1], depth);
      else within(index, inner, depth);
      index++;
    }
  }

  /** Errors hold text beside their members; what others hold beside theirs is known only if they can tell. */
  function visitInstance(item: object, depth: number): void {
    const tag = tagOf(item);
    if (tag === "Error") {
      for (const key of ["message", "stack", "cause", "errors"])
        within(key, (item as Record<string, unknown>)[key], depth);
      return;
    }
    const tells = "toJSON" in item || Symbol.iterator in item;
    if (tag !== "Object" && tag !== "RegExp" && !tells) everythingRead = false;
  }

  function visitMember(key: string, inner: unknown, depth: number): void {
    if (key.length >= FEWEST_DIGITS && !clean.has(key)) visitKey(key);
    const known = findings.length;
    const category = categoryOf(key);
    within(key, inner, depth);
    // What the content tells too is told once.
    if (
      category === undefined ||
      findings.slice(known).some((found) => found.category === category)
    )
      return;
    if (holdsSomething(inner) && isPlausible(category, key, inner, rules.childrenSince)) {
      const end = typeof inner === "string" ? inner.length : 0;
      const path = `${where()}.${shownKey(key)}`;
      tell([
        { type: "field", category, path, start: 0, end, confidence: 0.8, evidence: "field-name" },
      ]);
    }
  }

  /** Records repeat their names: one that holds nothing is looked at once. */
  function visitKey(key: string): void {
    const found = textFindings(key, where(), rules);
    if (found.length === 0) clean.add(key);
    else tell(found);
  }

  function within(key: string | number, inner: unknown, depth: number): void {
    path.push(key);
    visit(inner, depth + 1);
    path.pop();
  }

  function where(): string {
    return path.reduce<string>(
      (at, key) => at + (typeof key === "number" ? `[${key}]` : `.${shownKey(key)}`),
      "$",
    );
  }

  function tell(more: readonly Finding[]): void {
    for (const finding of more) {
      if (findings.length >= SCAN_LIMITS.findings) throw OVER_LIMIT;
      findings.push(finding);
    }
  }

  return { visit, everythingRead: () => everythingRead };
}

function isIgnored({ actionOf }: ScanRules, category: DataCategoryId): boolean {
  return actionOf(category) === "ignore";
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

/** JSON deeper in JSON is told of as a whole. */
const DEEPEST_TEXT = 3;

function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text.trim());
  } catch {
    return undefined;
  }
}

function isPlain(item: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(item);
  return prototype === null || prototype === Object.prototype;
}

function holdsSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== "object" || !isPlain(value) || Object.keys(value).length > 0;
}
