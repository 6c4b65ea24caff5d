const STATEMENT_TYPES = [
  "deletion-certificate+jwt",
  "anonymization-certificate+jwt",
  "consent-receipt+jwt",
  "log-checkpoint+jwt",
] as const;

/** The `typ` of every statement we sign. */
export type StatementType = (typeof STATEMENT_TYPES)[number];

/** Longest compact JWS we sign or read, in characters. */
export const MAX_STATEMENT_LENGTH = 1_048_576;

export function isStatementType(value: unknown): value is StatementType {
  return STATEMENT_TYPES.includes(value as StatementType);
}
