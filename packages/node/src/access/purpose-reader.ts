import {
  type AccessDecision,
  type AccessDenialReason,
  type AccessFacts,
  denyAccess,
  type ViewResult,
} from "@miniprivacy/core";
import type { AccessCounter, AccessEntry, AccessLog } from "./access-log.ts";
import type { SubjectFacts } from "./subject-facts.ts";

/** A view as the server holds it: whatever its record and purpose. */
export interface ServedView {
  readonly view: {
    readonly categories: readonly string[];
    readonly columns: readonly string[];
    read(row: object, facts: AccessFacts, now: number): ViewResult<unknown>;
  };
  /** Whether reads of the record are only watched for now. */
  readonly observed: boolean;
}

/** Who reads whose data, and for what. */
export interface ReadContext {
  readonly tenant: string;
  readonly purpose: string;
  readonly caller: string;
  /** Undefined where the row names nobody. */
  readonly subject: SubjectFacts | undefined;
  /** Whether whoever will see the data is bound to confidentiality; code alone needs no bond. */
  readonly isBound: () => boolean;
  readonly now: () => number;
}

const NONE: readonly string[] = [];

/** Reads rows of one subject for one purpose; every read is counted in the access log. */
export function createRowReader(
  context: ReadContext,
  log: AccessLog,
): (served: ServedView | undefined, row: object) => ViewResult<unknown> {
  const counters: AccessCounter[] = [];

  /** A reader meets few views and outcomes. */
  function counterOf(
    served: ServedView | undefined,
    permitted: boolean,
    reason: AccessDenialReason | undefined,
  ): AccessCounter {
    const categories = served?.view.categories ?? NONE;
    const known = counters.find(
      ({ entry }) =>
        entry.categories === categories && entry.permitted === permitted && entry.reason === reason,
    );
    if (known !== undefined) return known;
    const counter = log.counter(accessEntry(context, categories, permitted, reason));
    counters.push(counter);
    return counter;
  }

  return (served, row) => {
    const result = readRow(context, served, row);
    const reason = result.permitted ? result.observed : result.reason;
    return log.count(counterOf(served, result.permitted, reason))
      ? result
      : denyAccess("access-log-full");
  };
}

function readRow(
  { purpose, subject, isBound, now }: ReadContext,
  served: ServedView | undefined,
  row: object,
): ViewResult<unknown> {
  if (served === undefined) return denyAccess("purpose-unknown");
  // Requirement WX-4.9b: who is not bound to confidentiality sees nobody's data.
  if (!isBound()) return denyAccess("undertaking-missing");
  if (subject === undefined) return denyAccess("subject-mismatch");
  const facts = subject.current(purpose, served.observed);
  return facts === undefined ? denyAccess("facts-too-old") : served.view.read(row, facts, now());
}

/** A decision as the access log keeps it. */
export function accessEntry(
  { tenant, purpose, caller, subject }: Omit<ReadContext, "isBound" | "now">,
  categories: readonly string[],
  permitted: boolean,
  reason: AccessDenialReason | undefined,
): AccessEntry {
  const subjectRef = subject?.subjectRef ?? null;
  return { tenant, subjectRef, purpose, categories, permitted, reason, caller };
}

/** What a decision says beside yes or no: why not, or why not for much longer. */
export function reasonOf(decision: AccessDecision): AccessDenialReason | undefined {
  return "reason" in decision ? decision.reason : undefined;
}
