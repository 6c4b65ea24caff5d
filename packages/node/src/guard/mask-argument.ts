import { type Guard, UNREAD } from "@miniprivacy/core/sensitive-data";

/** What may be written of one argument of a log call. Never throws. */
export function maskArgument(guard: Guard, value: unknown): unknown {
  try {
    if (typeof value === "function") return guard.redact(`[Function: ${value.name}]`);
    return guard.redact((typeof value === "symbol" ? String(value) : value) as never);
  } catch {
    return UNREAD;
  }
}
