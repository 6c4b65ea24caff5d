import type { Finding } from "./finding.ts";
import { createProvenance } from "./provenance.ts";
import { maskedValue } from "./redact-value.ts";
import { scanRules, type ScanRules } from "./scan-text.ts";
import { valueFindings } from "./scan-value.ts";
import { type ProfileChoice, requireProfile } from "./sensitive-profile.ts";
import { SCAN_LIMITS } from "./value-walk.ts";

export interface GuardOptions {
  /** What counts as sensitive; the contract that applies may be laid over a profile. */
  readonly profile: ProfileChoice;
  /** `block` stops, `redact` masks what can be masked and stops the rest, `report` lets pass and tells. */
  readonly mode: "block" | "redact" | "report";
  /** Called for every finding (none). */
  readonly onFinding?: (finding: Finding) => void;
  /** Bytes of text in UTF-8 that are looked through at most (4,000,000); what is larger counts as sensitive. */
  readonly maxBytes?: number;
  /** The time in milliseconds since 1970 (none): tells children's ages, and when an allowance has ended. */
  readonly now?: () => number;
}

/** What a guard decided about a value. */
export interface GuardVerdict {
  readonly action: "pass" | "block";
  /** `sensitive-data`: findings say where. `unfinished`: too large, too deep or unreadable, so not known to be clean. */
  readonly reason?: "sensitive-data" | "unfinished";
  readonly findings: readonly Finding[];
}

export interface Guard {
  readonly mode: GuardOptions["mode"];
  readonly maxBytes: number;
  /** Looks through a text or structure before it leaves; in `redact` mode too, a finding blocks until it is masked. */
  inspect(value: unknown): GuardVerdict;
  /** A text or structure with its findings masked. */
  redact<Value>(value: Value): Value;
  /** Remembers that a value is the result of an interface of the host, such as `getWeRunData`; returns it. */
  from<Value>(interfaceName: string, value: Value): Value;
}

const MODES: readonly string[] = ["block", "redact", "report"];

/**
 * Makes a guard for what is about to leave the device or server.
 *
 * It sees what passes it, in text: not images, not encrypted or compressed data, not numbers in words, not calls that go
 * around it.
 *
 * @throws TypeError for a profile, category or mode that does not exist, and for an allowance without a clock.
 */
export function createGuard(options: GuardOptions): Guard {
  const { profile, mode, onFinding, maxBytes = SCAN_LIMITS.characters, now } = options;
  requireProfile(profile);
  if (!MODES.includes(mode)) throw new TypeError("unknown mode");
  if (typeof profile !== "string" && profile.allow !== undefined && now === undefined)
    throw new TypeError("an allowance that ends needs a clock");
  const provenance = createProvenance();
  const rulesNow = rulesByDay(profile, now);
  return {
    mode,
    maxBytes,
    from: (interfaceName, value) => provenance.tag(value, interfaceName),
    redact: (value) => maskedValue(value, rulesNow()),
    inspect(value) {
      const rules = rulesNow();
      const { findings, finished } = valueFindings(value, rules, { maxBytes, provenance });
      for (const finding of findings) onFinding?.(finding);
      // Requirement TC-D6.2a: sensitive data does not go through; what could not be checked counts as sensitive.
      const sensitive = findings.some(({ category }) => rules.actionOf(category) === "block");
      const reason = sensitive ? "sensitive-data" : finished ? undefined : "unfinished";
      if (reason === undefined) return { action: "pass", findings };
      return { action: mode === "report" ? "pass" : "block", reason, findings };
    },
  };
}

const DAY = 86_400_000;

/** The rules of a profile. They change at most by the day, in UTC: so long they remember the names they met. */
function rulesByDay(profile: ProfileChoice, now: GuardOptions["now"]): () => ScanRules {
  if (now === undefined) {
    const always = scanRules({ profile });
    return () => always;
  }
  let rules: ScanRules | undefined;
  let today = 0;
  return () => {
    const moment = now();
    const day = Math.floor(moment / DAY);
    if (rules === undefined || day !== today) rules = scanRules({ profile, now: moment });
    today = day;
    return rules;
  };
}
