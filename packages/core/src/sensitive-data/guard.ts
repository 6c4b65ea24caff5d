import type { Finding } from "./finding.ts";
import { redactText } from "./redact.ts";
import { scanValue } from "./scan-value.ts";
import { categoryAction, isSensitiveProfile, type SensitiveProfile } from "./sensitive-profile.ts";

export interface GuardOptions {
  readonly profile: SensitiveProfile;
  /** `block` stops, `redact` masks what can be masked and stops the rest, `report` lets pass and tells. */
  readonly mode: "block" | "redact" | "report";
  /** Called for every finding (none). */
  readonly onFinding?: (finding: Finding) => void;
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
  /** Looks through a text or structure before it leaves; in `redact` mode too, a finding blocks until it is masked. */
  inspect(value: unknown): GuardVerdict;
  /** A text with its findings masked. */
  redact(text: string): string;
}

/**
 * Makes a guard for what is about to leave the device or server.
 *
 * It sees what passes it, in text: not images, not encrypted, compressed or base64 data, not numbers in words, not
 * calls that go around it.
 *
 * @throws TypeError for a profile or mode that does not exist.
 */
export function createGuard({ profile, mode, onFinding }: GuardOptions): Guard {
  if (!isSensitiveProfile(profile)) throw new TypeError("unknown profile");
  if (!MODES.includes(mode)) throw new TypeError("unknown mode");
  return {
    mode,
    redact: (text) => redactText(text, { profile }),
    inspect(value) {
      const { findings, finished } = scanValue(value, { profile });
      for (const finding of findings) onFinding?.(finding);
      // Requirement TC-D6.2a: sensitive data does not go through; what could not be checked counts as sensitive.
      const sensitive = findings.some(
        ({ category }) => categoryAction(profile, category) === "block",
      );
      const reason = sensitive ? "sensitive-data" : finished ? undefined : "unfinished";
      if (reason === undefined) return { action: "pass", findings };
      return { action: mode === "report" ? "pass" : "block", reason, findings };
    },
  };
}

const MODES: readonly string[] = ["block", "redact", "report"];
