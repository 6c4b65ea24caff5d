import { PrivacyError } from "@miniprivacy/core/errors";
import { TIMED_OUT, within } from "../within.ts";

/** A command that takes longer than one answer may: whoever gave it asks again until it is done. */
export interface LongCommand<Input, Progress, Result> {
  /**
   * Begins it, or tells how far it is.
   *
   * @throws PrivacyError `ERR_REQUEST_STATE` while it is under way with another input; and what ended it.
   */
  readonly advance: (input: Input) => Promise<Progress | Result>;
  /** Waits until what is under way has come to its end. */
  readonly close: () => Promise<void>;
}

/** How long one answer takes at most. */
const ANSWER_MS = 1000;

/**
 * @param run Told how far it is by calling `tell`.
 * @param first How far it is before that.
 */
export function longCommand<Input, Progress, Result>(
  run: (input: Input, tell: (progress: Progress) => void) => Promise<Result>,
  first: Progress,
): LongCommand<Input, Progress, Result> {
  let running: { readonly input: string; readonly result: Promise<Result> } | undefined;
  let progress = first;

  function begin(input: Input): NonNullable<typeof running> {
    progress = first;
    const result = run(input, (next) => void (progress = next));
    // Whoever asks next is told.
    result.catch(() => {});
    return { input: JSON.stringify(input), result };
  }

  return {
    async advance(input) {
      const own = (running ??= begin(input));
      if (own.input !== JSON.stringify(input))
        throw new PrivacyError("ERR_REQUEST_STATE", { detail: "another is under way" });
      try {
        const answer = await within(ANSWER_MS, own.result);
        if (answer === TIMED_OUT) return progress;
        running = undefined;
        return answer;
      } catch (cause) {
        running = undefined;
        throw cause;
      }
    },
    async close() {
      await running?.result.catch(() => {});
    },
  };
}
