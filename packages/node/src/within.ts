/** What {@link within} gives for what took too long. */
export const TIMED_OUT: unique symbol = Symbol("timed out");

/** Waits for an answer no longer than some milliseconds; what comes later is nobody's. */
export async function within<Value>(
  ms: number,
  answer: Promise<Value>,
): Promise<Value | typeof TIMED_OUT> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(() => resolve(TIMED_OUT), ms).unref();
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
