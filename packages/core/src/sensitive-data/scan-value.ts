import type { Finding } from "./finding.ts";
import { FEWEST_DIGITS } from "./digit-cluster.ts";
import { roundedIdConfidence } from "./resident-id.ts";
import { quotedNames, withoutEscapes } from "./quoted-name.ts";
import { contentFindings, type ScanOptions } from "./scan-text.ts";
import type { SensitiveCategoryId } from "./sensitive-category.ts";
import { categoryOfField } from "./sensitive-field.ts";
import { categoryAction, type SensitiveProfile } from "./sensitive-profile.ts";
import { shownKey } from "./shown-key.ts";

/** What a scan will go through at most; past it, it did not finish. `findings` is how many are told. */
export const SCAN_LIMITS = {
  depth: 32,
  nodes: 100_000,
  characters: 4_000_000,
  findings: 1000,
} as const;

export type ValueScan =
  | { readonly finished: true; readonly findings: readonly Finding[] }
  /** The value is deeper or larger than {@link SCAN_LIMITS}, or part of it could not be read. */
  | { readonly finished: false; readonly findings: readonly Finding[] };

/**
 * Finds sensitive data in a value by content and by the names of fields.
 *
 * Goes through objects, arrays, whatever can be iterated more than once (Map, Set, FormData, Headers), bytes that are
 * UTF-8, JSON inside strings, and what `toJSON` gives. Each is read once: a getter that answers otherwise the next
 * time is not seen through. Streams, blobs, promises and bytes that are no text cannot be read: not finished.
 */
export function scanValue(
  value: unknown,
  { profile = "tcmpp-strict" }: ScanOptions = {},
): ValueScan {
  const findings: Finding[] = [];
  const scan = createScan(profile, findings);
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
function createScan(profile: SensitiveProfile, findings: Finding[]): Scan {
  const path: (string | number)[] = [];
  const names = new Map<string, SensitiveCategoryId | undefined>();
  let everythingRead = true;
  let nodes = 0;
  let characters = 0;
  let texts = 0;

  function isListed(category: SensitiveCategoryId): boolean {
    return categoryAction(profile, category) !== "ignore";
  }

  /** The category of a field by its name, if the profile lists it. */
  function categoryOf(name: string): SensitiveCategoryId | undefined {
    const known = names.get(name);
    if (known !== undefined || names.has(name)) return known;
    const category = categoryOfField(name)?.category;
    const listed = category !== undefined && isListed(category) ? category : undefined;
    names.set(name, listed);
    return listed;
  }

  function visit(item: unknown, depth: number): void {
    if (++nodes > SCAN_LIMITS.nodes || depth > SCAN_LIMITS.depth) throw OVER_LIMIT;
    if (typeof item === "string") visitText(item, depth);
    else if (typeof item === "number") visitNumber(item);
    else if (typeof item === "bigint") tell(contentFindings(String(item), where(), profile));
    else if (typeof item === "object" && item !== null) visitSafely(item, depth);
  }

  /**
   * A text is looked at as it stands; only one that holds something is parsed, to tell where. What parsing does not
   * show (a name that stands twice, a rounded number, a fault) is told of the text as a whole.
   */
  function visitText(text: string, depth: number): void {
    characters += text.length;
    if (characters > SCAN_LIMITS.characters) throw OVER_LIMIT;
    const seen = findingsIn(text);
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
      tell(all.slice(told));
    }
  }

  function findingsIn(text: string): readonly Finding[] {
    const plain = text.includes("\\") ? withoutEscapes(text) : text;
    const content = contentFindings(plain, "", profile);
    const fields = quotedNames(plain, (name) => categoryOf(name) !== undefined).map((name) =>
      fieldFinding(categoryOf(name)!, `.${shownKey(name)}`, 0),
    );
    if (content.length + fields.length === 0) return [];
    const path = where();
    return [...content, ...fields].map((finding) => ({ ...finding, path: path + finding.path }));
  }

  function visitNumber(number: number): void {
    const size = Math.abs(number);
    if (!Number.isInteger(size) || size < 1e14 || size >= 1e21) return;
    const text = String(size);
    const confidence = Number.isSafeInteger(size)
      ? 0
      : roundedIdConfidence(Array.from(text, Number));
    if (confidence === 0 || !isListed(RESIDENT_ID))
      return tell(contentFindings(text, where(), profile));
    const span = { start: 0, end: text.length };
    tell([
      {
        type: "cn-resident-id",
        category: RESIDENT_ID,
        path: where(),
        ...span,
        confidence,
        evidence: "content",
      },
    ]);
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
      for (const key of ["message", "stack", "cause"])
        within(key, (item as Record<string, unknown>)[key], depth);
      return;
    }
    const tells = "toJSON" in item || Symbol.iterator in item;
    if (tag !== "Object" && tag !== "RegExp" && !tells) everythingRead = false;
  }

  function visitMember(key: string, inner: unknown, depth: number): void {
    if (key.length >= FEWEST_DIGITS) tell(contentFindings(key, where(), profile));
    const category = categoryOf(key);
    if (category !== undefined && holdsSomething(inner)) {
      const length = typeof inner === "string" ? inner.length : 0;
      tell([fieldFinding(category, `${where()}.${shownKey(key)}`, length)]);
    }
    within(key, inner, depth);
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

const RESIDENT_ID = "id-document.cn-id-number";

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

/** A finding by the name of a field, over the whole of its text. */
function fieldFinding(category: SensitiveCategoryId, path: string, end: number): Finding {
  const evidence = "field-name";
  return { type: "field", category, path, start: 0, end, confidence: 0.8, evidence };
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
