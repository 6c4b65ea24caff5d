import { type PolicyFinding, policyError } from "./policy-finding.ts";

const MAX_RETENTION_DAYS = 36_500;

/** A number of days that something can be kept for: whole, and of this century. */
export function checkDays(days: number, path: string): readonly PolicyFinding[] {
  // Requirement PIPL-19: data is kept for the shortest time its purpose needs.
  const sane = Number.isInteger(days) && days > 0 && days <= MAX_RETENTION_DAYS;
  return sane ? [] : [policyError("retention-unreasonable", path, ["PIPL-19"])];
}
