/** One step of a verification and how it went. */
export interface Check {
  readonly name: CheckName;
  readonly ok: boolean;
}

/** Every check a statement goes through, in this order; the first that fails ends the verification. */
export type CheckName =
  | "size"
  | "three-parts"
  | "base64url"
  | "header-json"
  | "no-critical-extension"
  | "no-embedded-key"
  | "header-members"
  | "header-canonical"
  | "algorithm"
  | "type"
  | "type-expected"
  | "key-known"
  | "key-unique"
  | "key-public"
  | "key-form"
  | "key-thumbprint"
  | "key-pinned"
  | "low-s"
  | "signature"
  | "payload-json"
  | "payload-canonical"
  | "form"
  | "issuer-key"
  | "claim"
  | "residuals"
  | "issued-at"
  | "log-proof-form"
  | "log-key"
  | "log-signature"
  | "log-inclusion";

/** Records the checks of one verification. */
export interface Checklist {
  readonly checks: readonly Check[];
  /** Records a check and tells whether it held. */
  holds(name: CheckName, ok: boolean): boolean;
  /** Records a check that holds when `read` returns; what it throws is dropped, for it may quote the input. */
  reads<Value>(name: CheckName, read: () => Value): Value | undefined;
}

export function createChecklist(): Checklist {
  const checks: Check[] = [];
  const holds = (name: CheckName, ok: boolean): boolean => {
    checks.push({ name, ok });
    return ok;
  };
  return {
    checks,
    holds,
    reads(name, read) {
      try {
        const value = read();
        holds(name, true);
        return value;
      } catch {
        holds(name, false);
        return undefined;
      }
    },
  };
}
