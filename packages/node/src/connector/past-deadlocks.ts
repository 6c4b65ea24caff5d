/** Who loses to others time and again is told so. */
const MOST_TRIES = 5;

/** Runs a statement again that the database gave up because it and another waited for each other: nothing of it was done. */
export async function pastDeadlocks<Result>(
  isDeadlock: (cause: unknown) => boolean,
  run: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (cause) {
      if (tries === MOST_TRIES || !isDeadlock(cause)) throw cause;
    }
  }
}
