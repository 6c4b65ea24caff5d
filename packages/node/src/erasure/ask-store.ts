import { PrivacyError } from "@miniprivacy/core/errors";
import { TIMED_OUT, within } from "../within.ts";

/** The closed set of {@link StoreFault}. */
export const STORE_FAULTS = [
  /** It threw. */
  "unavailable",
  /** It did not answer in time. */
  "timeout",
  /** What it answered cannot be. */
  "malformed",
  /** It is done by hand, and nobody has said yet that it is. */
  "awaits-answer",
  /** Counting and reading do not see the same rows. */
  "count-differs",
  /** Reading back still finds rows. */
  "still-there",
  /** No connector reaches it any more. */
  "not-connected",
] as const;

/** Why an attempt at a store failed; the last attempt's is kept with the step. */
export type StoreFault = (typeof STORE_FAULTS)[number];

export type StoreAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly fault: StoreFault };

/**
 * Asks a store of the host, whatever it does: throw, hang, or answer nonsense.
 *
 * @param timeoutMs After it the call counts as failed; what it answers later is nobody's.
 * @param read The answer if it is one, else undefined.
 */
export async function askStore<Value>(
  timeoutMs: number,
  call: () => Promise<unknown>,
  read: (answer: unknown) => Value | undefined,
): Promise<StoreAnswer<Value>> {
  try {
    const answer = await within(timeoutMs, Promise.resolve().then(call));
    if (answer === TIMED_OUT) return { ok: false, fault: "timeout" };
    const value = read(answer);
    return value === undefined ? { ok: false, fault: "malformed" } : { ok: true, value };
  } catch {
    return { ok: false, fault: "unavailable" };
  }
}

/** Milliseconds. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

/**
 * Reads how long a store may take for one call, in milliseconds (60000).
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` for what is no time, or longer than a timer runs.
 */
export function storeTimeout(timeoutMs = 60_000): number {
  if (Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS)
    return timeoutMs;
  throw new PrivacyError("ERR_CONFIG_INVALID", { detail: "storeTimeoutMs" });
}
