import { PrivacyError } from "@miniprivacy/core/errors";

/** A century: whoever declares more has mistaken the unit. */
const MOST_DAYS = 36_500;

/**
 * Makes sure that a declared time is a whole number of days.
 *
 * @throws PrivacyError `ERR_CONFIG_INVALID` naming the option.
 */
export function requireKeepDays(days: unknown, option: string): void {
  if (Number.isInteger(days) && (days as number) >= 0 && (days as number) <= MOST_DAYS) return;
  throw new PrivacyError("ERR_CONFIG_INVALID", {
    detail: `${option} must be a whole number of days`,
  });
}
