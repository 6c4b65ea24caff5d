import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BATCH_LIMITS, FIRST_BATCH_SIZE, nextBatchSize } from "./batch-size.ts";

describe("nextBatchSize", () => {
  const limits = { targetMs: 5, floor: 10, ceiling: 1000 };

  it("takes what would have filled the target", () => {
    expect(nextBatchSize({ size: 100, tookMs: 4 }, limits)).toBe(125);
    expect(nextBatchSize({ size: 300, tookMs: 6 }, limits)).toBe(250);
  });

  it("grows to twice the size at most, also where the clock has not moved", () => {
    expect(nextBatchSize({ size: 100, tookMs: 0.1 }, limits)).toBe(200);
    expect(nextBatchSize({ size: 100, tookMs: 0 }, limits)).toBe(200);
  });

  it("shrinks to half the size at most: one delay is no slow store", () => {
    expect(nextBatchSize({ size: 300, tookMs: 60_000 }, limits)).toBe(150);
  });

  it("keeps between floor and ceiling", () => {
    expect(nextBatchSize({ size: 900, tookMs: 1 }, limits)).toBe(1000);
    expect(nextBatchSize({ size: 15, tookMs: 60_000 }, limits)).toBe(10);
  });

  it("comes near the target on a store of any speed", () => {
    const { targetMs, floor, ceiling } = BATCH_LIMITS;
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 1, noNaN: true }), (msPerRow) => {
        let size = FIRST_BATCH_SIZE;
        for (let batch = 0; batch < 10; batch++)
          size = nextBatchSize({ size, tookMs: size * msPerRow });
        const ideal = Math.min(Math.max(targetMs / msPerRow, floor), ceiling);
        expect(size).toBeGreaterThanOrEqual(Math.floor(ideal) - 1);
        expect(size).toBeLessThanOrEqual(Math.ceil(ideal));
      }),
    );
  });
});
