/** What a function of the host answers by, beside a promise. */
export interface AnswerOptions {
  readonly success?: unknown;
  readonly fail?: unknown;
  readonly complete?: unknown;
}

/** With callbacks by callbacks, without by a promise. What a callback throws is the app's to see, and ends nothing. */
export function answerAsHost(
  { success, fail, complete }: AnswerOptions,
  answer: Promise<unknown>,
): Promise<unknown> | undefined {
  // Whoever takes no promise is told by the host in its own ways, or not at all.
  answer.catch(() => undefined);
  if (![success, fail, complete].some(isFunction)) return answer;
  const tell = (callback: unknown, value: unknown): void => {
    if (isFunction(callback)) void (async () => callback(value))();
  };
  void answer.then(
    (value) => (tell(success, value), tell(complete, value)),
    (error: unknown) => (tell(fail, error), tell(complete, error)),
  );
  return undefined;
}

export function isFunction(value: unknown): value is (...given: readonly unknown[]) => unknown {
  return typeof value === "function";
}
