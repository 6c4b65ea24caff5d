import { ERROR_SENTENCES, type PrivacyErrorCode } from "./error-code.ts";

/** One fault in an input or a policy: a code and where it stands, never the value. */
export interface InputIssue {
  /** What is wrong, e.g. `required`, `type`, `unknown-field`, `too-large`. */
  readonly code: string;
  /** Where, built from names of the schema only: `decisions.*.purpose`. */
  readonly schemaPath: string;
}

/** What a {@link PrivacyError} may carry beside its code. */
export interface PrivacyErrorOptions {
  /** Ids made by MiniPrivacy or names from the policy. Never input, never a record's key. */
  readonly detail?: string;
  /** The faults behind `ERR_INPUT_INVALID` and `ERR_POLICY_INVALID`. */
  readonly issues?: readonly InputIssue[];
  /** The failure underneath. Stays in the process: `toJSON` leaves it out. */
  readonly cause?: unknown;
}

/**
 * The one error MiniPrivacy throws for broken input and for faults of its surroundings.
 *
 * Callers match on `code`; the message is the code's fixed sentence and, where useful, ids of our own.
 */
export class PrivacyError extends Error {
  override readonly name = "PrivacyError";
  readonly code: PrivacyErrorCode;
  readonly issues: readonly InputIssue[];

  constructor(code: PrivacyErrorCode, options: PrivacyErrorOptions = {}) {
    const sentence = ERROR_SENTENCES[code];
    super(
      options.detail === undefined ? sentence : `${sentence} (${options.detail})`,
      "cause" in options ? { cause: options.cause } : undefined,
    );
    this.code = code;
    this.issues = options.issues ?? [];
  }

  toJSON(): {
    readonly name: string;
    readonly code: PrivacyErrorCode;
    readonly issues?: readonly InputIssue[];
  } {
    const { name, code, issues } = this;
    return issues.length === 0 ? { name, code } : { name, code, issues };
  }
}

/** Whether a value is a {@link PrivacyError}, also one from another installed copy of this package. */
export function isPrivacyError(value: unknown): value is PrivacyError {
  return (
    value instanceof Error &&
    value.name === "PrivacyError" &&
    typeof (value as { code?: unknown }).code === "string"
  );
}
