import type { Remnant } from "@miniprivacy/core";
import { recordCategories } from "@miniprivacy/core/policy";
import type { Connector, ErasureTechnique, RecordRow } from "../connector/connector.ts";
import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { isSameValue } from "../subject-request/value-form.ts";
import { askStore, type StoreAnswer } from "./ask-store.ts";
import type { ErasureTarget, ScopeDescription } from "./erasure-target.ts";

/** A target as an erasure asks it, of a person or of everybody: every call ends in time, every answer is checked. */
export interface StoreReader {
  readonly evidence: NonNullable<Connector["evidence"]>;
  readonly count: () => Promise<StoreAnswer<number>>;
  /** How many rows the reading path finds. */
  readonly find: () => Promise<StoreAnswer<number>>;
  readonly erase: () => Promise<StoreAnswer<true>>;
  readonly remnants: (now: number) => Promise<StoreAnswer<readonly Remnant[]>>;
  readonly describe: () => Promise<StoreAnswer<ScopeDescription>>;
}

/** What answers are read of. */
type ReadTarget = Pick<ErasureTarget, "connector" | "record"> & {
  readonly fields?: readonly string[] | undefined;
};

export function createStoreReader(
  target: ErasureTarget,
  subject: SubjectIdentity,
  timeoutMs: number,
): StoreReader {
  const { connector, record, fields } = target;
  return {
    evidence: connector.evidence ?? "read-back",
    count: () =>
      askStore(
        timeoutMs,
        async () => {
          const count = await connector.count(record, subject);
          // Rows that a narrowed erasure has done with are not to be touched any more.
          return fields === undefined ? count : count - (await blankRows(target, subject));
        },
        readCount,
      ),
    find: () =>
      askStore(
        timeoutMs,
        () => connector.find(record, subject),
        (rows) => filledRows(target, rows)?.length,
      ),
    erase: () =>
      askStore(
        timeoutMs,
        () =>
          fields === undefined
            ? connector.erase(record, subject)
            : connector.eraseFields(record, subject, fields),
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

/** The rows with something to erase in them; undefined for what are no rows. */
export function filledRows(
  { connector, record, fields }: ReadTarget,
  rows: unknown,
): readonly RecordRow[] | undefined {
  if (!Array.isArray(rows)) return undefined;
  if (fields === undefined) return rows as readonly RecordRow[];
  const blank = connector.blankValues(record) ?? {};
  return (rows as readonly RecordRow[]).filter((row) =>
    fields.some((field) => !isSameValue(row[field], blank[field])),
  );
}

/** How many rows hold nothing any more that is to be erased. */
async function blankRows(target: ErasureTarget, subject: SubjectIdentity): Promise<number> {
  const rows = await target.connector.find(target.record, subject);
  return rows.length - (filledRows(target, rows)?.length ?? 0);
}

/** The most a text of a certificate holds. */
const MAX_TEXT = 300;

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= MAX_TEXT;
}

export function readCount(answer: unknown): number | undefined {
  return Number.isSafeInteger(answer) && (answer as number) >= 0 ? (answer as number) : undefined;
}

export function readRemnants(answer: unknown): readonly Remnant[] | undefined {
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

/** @param said What is to be said in place of the connector's words. */
export function readDescription(
  { connector, record, fields }: ReadTarget,
  answer: unknown,
  said: { readonly selector?: (template: string) => string; readonly technique?: string } = {},
): ScopeDescription | undefined {
  const {
    selector: template,
    technique,
    tool,
    toolVersion,
  } = (answer ?? {}) as Partial<ErasureTechnique>;
  if (!isText(template) || !isText(technique) || !isText(tool) || !isText(toolVersion))
    return undefined;
  const selector = said.selector?.(template) ?? template;
  const { kind } = connector;
  if (fields === undefined) {
    const dataCategories = recordCategories(record.fields);
    return {
      kind,
      dataCategories,
      selector,
      technique: said.technique ?? technique,
      tool,
      toolVersion,
    };
  }
  const erased = Object.entries(record.fields).filter(([name]) => fields.includes(name));
  const dataCategories = recordCategories(Object.fromEntries(erased));
  const isManual = connector.evidence === "filed-answer";
  const how = said.technique ?? (isManual ? technique : "erasure of fields");
  return { kind, dataCategories, selector, technique: how, tool, toolVersion };
}
