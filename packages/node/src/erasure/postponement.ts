import type { SubjectIdentity } from "../subject/subject-identity.ts";
import { askStore, type StoreAnswer } from "./ask-store.ts";

/** Why an erasure waits, as the person reads it. */
export interface Postponement {
  /** RFC 3339: when everything is erased. At the latest it is when the request is due. */
  readonly until: string;
  /** What she reads: "the parcel is on the road". At most 300 characters. */
  readonly reason: string;
}

/** The host's own look at an erasure before it begins: null lets it begin. */
export type BeforeErase = (
  subject: SubjectIdentity,
) => Promise<Postponement | null> | Postponement | null;

/**
 * Asks the host, once for each erasure, whether it has to wait.
 *
 * @param dueAt When the request is due: nothing is put off for longer. Epoch milliseconds, as `now`.
 */
export async function askPostponement(
  beforeErase: BeforeErase,
  subject: SubjectIdentity,
  {
    dueAt,
    now,
    timeoutMs,
  }: { readonly dueAt: number; readonly now: number; readonly timeoutMs: number },
): Promise<StoreAnswer<Postponement | null>> {
  return askStore(
    timeoutMs,
    async () => beforeErase(subject),
    (answer) => {
      if (answer === null) return null;
      const { until, reason } = (answer ?? {}) as Partial<Postponement>;
      const end = typeof until === "string" ? Date.parse(until) : Number.NaN;
      if (
        Number.isNaN(end) ||
        typeof reason !== "string" ||
        reason === "" ||
        reason.length > MAX_REASON
      )
        return undefined;
      if (end <= now) return null;
      return { until: new Date(Math.min(end, dueAt)).toISOString(), reason };
    },
  );
}

const MAX_REASON = 300;
