import type { Remnant } from "@miniprivacy/core";
import { recordCategories } from "@miniprivacy/core/policy";
import type { ErasureTechnique } from "../connector/connector.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { askStore, type StoreAnswer } from "./ask-store.ts";
import type { ErasureTarget, ScopeDescription } from "./erasure-target.ts";

/** A target as an erasure asks it: every call ends in time, every answer is checked. */
export interface StoreReader {
  count(subject: SubjectIdentity): Promise<StoreAnswer<number>>;
  /** How many rows the reading path finds. */
  find(subject: SubjectIdentity): Promise<StoreAnswer<number>>;
  erase(subject: SubjectIdentity): Promise<StoreAnswer<true>>;
  remnants(now: number): Promise<StoreAnswer<readonly Remnant[]>>;
  describe(): Promise<StoreAnswer<ScopeDescription>>;
}

export function createStoreReader(target: ErasureTarget, timeoutMs: number): StoreReader {
  const { connector, record } = target;
  return {
    count: (subject) => askStore(timeoutMs, () => connector.count(record, subject), readCount),
    find: (subject) =>
      askStore(
        timeoutMs,
        () => connector.find(record, subject),
        (rows) => (Array.isArray(rows) ? rows.length : undefined),
      ),
    erase: (subject) =>
      askStore(
        timeoutMs,
        () => connector.erase(record, subject),
        () => true as const,
      ),
    remnants: (now) =>
      askStore(timeoutMs, () => connector.remnants(record, new Date(now)), readRemnants),
    describe: () =>
      askStore(
        timeoutMs,
        () => connector.describe(record.name),
        (answer) => readDescription(target, answer),
      ),
  };
}

/** The most a text of a certificate holds. */
const MAX_TEXT = 300;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_TEXT;
}

function readCount(answer: unknown): number | undefined {
  return Number.isSafeInteger(answer) && (answer as number) >= 0 ? (answer as number) : undefined;
}

function readRemnants(answer: unknown): readonly Remnant[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  const remnants = (answer as readonly Partial<Remnant>[]).map((remnant) => {
    const { where, until } = remnant ?? {};
    const end = typeof until === "string" ? Date.parse(until) : Number.NaN;
    return isText(where) && !Number.isNaN(end)
      ? { where, until: new Date(end).toISOString() }
      : undefined;
  });
  return remnants.every((remnant) => remnant !== undefined) ? remnants : undefined;
}

function readDescription(
  { connector, record }: ErasureTarget,
  answer: unknown,
): ScopeDescription | undefined {
  const { selector, technique, tool, toolVersion } = (answer ?? {}) as Partial<ErasureTechnique>;
  if (!isText(selector) || !isText(technique) || !isText(tool) || !isText(toolVersion))
    return undefined;
  const dataCategories = recordCategories(record.fields);
  return { kind: connector.kind, dataCategories, selector, technique, tool, toolVersion };
}
