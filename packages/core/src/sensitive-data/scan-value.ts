import type { Finding } from "./finding.ts";
import { contentFindings, type ScanOptions } from "./scan-text.ts";
import { categoryOfField } from "./sensitive-field.ts";
import { categoryAction } from "./sensitive-profile.ts";

/** What a scan will go through at most; past it, it did not finish. */
export const SCAN_LIMITS = { depth: 32, nodes: 100_000, characters: 4_000_000 } as const;

export type ValueScan =
  | { readonly finished: true; readonly findings: readonly Finding[] }
  /** The value is deeper or larger than {@link SCAN_LIMITS}, or reading it failed. */
  | { readonly finished: false; readonly findings: readonly Finding[] };

/**
 * Finds sensitive data in a value by content and by the names of fields: objects, arrays, Maps, and JSON inside strings.
 */
export function scanValue(
  value: unknown,
  { profile = "tcmpp-strict" }: ScanOptions = {},
): ValueScan {
  const budget = { nodes: 0, characters: 0 };
  const findings: Finding[] = [];

  function visit(item: unknown, path: string, depth: number): void {
    if (++budget.nodes > SCAN_LIMITS.nodes || depth > SCAN_LIMITS.depth)
      throw new RangeError("scan limit");
    if (typeof item === "string") visitText(item, path, depth);
    else if (typeof item === "number" || typeof item === "bigint")
      findings.push(...contentFindings(String(item), path));
    else if (Array.isArray(item))
      item.forEach((inner, i) => visit(inner, `${path}[${i}]`, depth + 1));
    else if (item instanceof Map)
      for (const [key, inner] of item) visitMember(String(key), inner, path, depth);
    else if (typeof item === "object" && item !== null) {
      for (const [key, inner] of Object.entries(item)) visitMember(key, inner, path, depth);
    }
  }

  function visitMember(key: string, inner: unknown, path: string, depth: number): void {
    const at = `${path}.${key}`;
    const category = categoryOfField(key);
    if (category !== undefined && holdsSomething(inner)) {
      const end = typeof inner === "string" ? inner.length : 0;
      findings.push({
        type: "field",
        category,
        path: at,
        start: 0,
        end,
        confidence: 0.8,
        evidence: "field-name",
      });
    }
    findings.push(...contentFindings(key, path));
    visit(inner, at, depth + 1);
  }

  function visitText(text: string, path: string, depth: number): void {
    budget.characters += text.length;
    if (budget.characters > SCAN_LIMITS.characters) throw new RangeError("scan limit");
    const inner = parseJson(text);
    if (inner === undefined) findings.push(...contentFindings(text, path));
    else visit(inner, path, depth + 1);
  }

  const listed = (): readonly Finding[] =>
    findings.filter(({ category }) => categoryAction(profile, category) !== "ignore");
  try {
    visit(value, "$", 0);
    return { finished: true, findings: listed() };
  } catch {
    return { finished: false, findings: listed() };
  }
}

function holdsSomething(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function parseJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
