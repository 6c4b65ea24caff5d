import type { Guard } from "@miniprivacy/core/sensitive-data";
import { maskArgument } from "./mask-argument.ts";

/** Methods that write their arguments. */
const WRITING = [
  "log",
  "info",
  "warn",
  "error",
  "debug",
  "trace",
  "dir",
  "dirxml",
  "table",
  "assert",
  "group",
  "groupCollapsed",
  "count",
  "countReset",
  "time",
  "timeEnd",
  "timeLog",
] as const satisfies readonly (keyof Console)[];

/**
 * A console that masks what it is given, at any depth and in errors with their causes, and writes it to another one.
 *
 * The console given is not changed, so what is written to it directly is not masked. In every mode of the guard what is
 * written is masked, never stopped. Each argument is looked at by itself: a value cut into several, as in
 * `log('%s%s', first, second)`, is not seen. Class instances are written as the plain copies that `redact` makes.
 *
 * @see WX-4.4.6c
 * @example globalThis.console = guardConsole(guard, console)
 */
export function guardConsole(guard: Guard, console: Console): Console {
  const guarded = Object.create(console) as Console;
  for (const name of WRITING) {
    const write = console[name].bind(console) as (...args: unknown[]) => void;
    // Requirement WX-4.4.6c: what is written down leaks nothing.
    const masked = (...args: readonly unknown[]): void =>
      write(...args.map((value, i) => (isSetting(name, i) ? value : maskArgument(guard, value))));
    Object.defineProperty(guarded, name, { value: masked, writable: true, configurable: true });
  }
  return guarded;
}

/** What a method is told and does not write: what `assert` holds true, how `dir` shows. */
function isSetting(name: (typeof WRITING)[number], index: number): boolean {
  return (name === "assert" && index === 0) || (name === "dir" && index === 1);
}
