import { type Guard, UNREAD } from "@miniprivacy/core/sensitive-data";
import { maskArgument } from "./mask-argument.ts";
import { redactJson } from "./redact-json.ts";

export interface PinoScrubberOptions {
  /** The member that holds a line's message, as pino's own option of this name; say it here only (`msg`). */
  readonly messageKey?: string;
}

/** What of pino's options {@link pinoScrubber} gives. */
export interface PinoScrubber {
  readonly messageKey: string;
  readonly hooks: {
    readonly logMethod: (
      this: { readonly version?: string },
      args: readonly unknown[],
      method: (...args: never[]) => void,
    ) => void;
    readonly streamWrite: (line: string) => string;
  };
}

/**
 * Options for pino 9.4 or later that mask sensitive data in every line before it is written: message, interpolated
 * values, merged objects, child bindings, errors with their causes, mixins, serialized values, prefixes.
 *
 * What is written is `redact` of the finished line, read as JSON, so nothing that pino puts into a line goes around it.
 * Objects that are interpolated are masked before they become text. In every mode of the guard a line is masked and
 * written, never stopped; of a line that cannot be looked through stay level, time and `[unread]`. The price: each
 * written line is parsed, looked through and made JSON a second time.
 *
 * Not covered: a destination that asks for pino's metadata is also handed the objects as they were logged. Hooks of your
 * own take the place of these: call `hooks.streamWrite` last in yours.
 *
 * @returns Options to spread into pino's; a call of the logger throws TypeError where pino is older.
 * @see WX-4.4.6c
 * @example const log = pino({ ...pinoScrubber(guard), level: 'info' })
 */
export function pinoScrubber(
  guard: Guard,
  { messageKey = "msg" }: PinoScrubberOptions = {},
): PinoScrubber {
  const masked = (line: string): string | undefined => {
    try {
      return redactJson(guard, line);
    } catch {
      return undefined;
    }
  };
  return {
    messageKey,
    hooks: {
      logMethod(args, method) {
        requireStreamWrite(this.version);
        const [first, ...others] = args;
        const maskedOthers = others.map((value) =>
          typeof value === "object" && value !== null ? maskArgument(guard, value) : value,
        );
        method.apply(this, [first, ...maskedOthers] as never[]);
      },
      streamWrite(line) {
        const clear = masked(line);
        const end = line.slice(line.trimEnd().length);
        // Requirement WX-4.4.6c: what is written down leaks nothing.
        if (clear === undefined) return unreadLine(line, messageKey) + end;
        return clear + end;
      },
    },
  };
}

/** An older pino calls no such hook, and says nothing. */
function requireStreamWrite(version = "0"): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 9 || (major === 9 && minor >= 4)) return;
  throw new TypeError("pinoScrubber needs pino 9.4 or later");
}

function unreadLine(line: string, messageKey: string): string {
  const head = HEAD.exec(line)?.[1] ?? "";
  return `{${head}${JSON.stringify(messageKey)}:"${UNREAD}"}`;
}

/** Level and time as pino begins a line; in another form they are left out. */
const HEAD = /^\{("level":(?:\d{1,3}|"[a-z]{1,12}"),(?:"time":\d{13},)?)/;
