/** A clock for tests: it stands until it is moved. Call it for the time, as `createPrivacy` does with `clock`. */
export interface TestClock {
  /** Epoch milliseconds. */
  (): number;
  /** Moves it on, or back, by milliseconds. */
  pass(ms: number): void;
}

/** @param start Epoch milliseconds (2026-01-01T00:00:00Z). */
export function testClock(start: number = Date.UTC(2026, 0, 1)): TestClock {
  let now = start;
  return Object.assign(() => now, { pass: (ms: number) => void (now += ms) });
}
