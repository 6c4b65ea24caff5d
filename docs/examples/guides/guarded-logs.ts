import { createGuard } from "@miniprivacy/core/sensitive-data";
import { guardConsole, pinoScrubber } from "@miniprivacy/node";
import { type DestinationStream, type Logger, pino } from "pino";

const guard = createGuard({ profile: "cn-conservative", mode: "redact" });

/** A logger whose lines are looked through before they are written. */
export function openLog(destination: DestinationStream): Logger {
  return pino({ ...pinoScrubber(guard), level: "info" }, destination);
}

/** A console that masks; the one that is given stays as it is. */
export const safeConsole: Console = guardConsole(guard, console);
