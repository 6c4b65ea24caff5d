import { hash } from "node:crypto";

/** Remembers which codes have gone out, by digest and for as long as Weixin could still take one. */
export interface SpentCodes {
  /** @returns False for a code that was spent before; of several calls at once with one code, one gets true. */
  spend(code: string): boolean;
}

/** A code of Weixin's lives five minutes. */
export const CODE_LIFE_MS = 300_000;

/** Past it the oldest is forgotten early: Weixin itself takes no code twice. */
const MOST_CODES = 10_000;

/** @param now Epoch milliseconds. */
export function createSpentCodes(now: () => number): SpentCodes {
  const spentAt = new Map<string, number>();

  function forgetExpired(): void {
    for (const [digest, at] of spentAt) {
      if (now() - at < CODE_LIFE_MS) return;
      spentAt.delete(digest);
    }
  }

  function makeRoom(): void {
    if (spentAt.size < MOST_CODES) return;
    const [oldest] = spentAt.keys();
    spentAt.delete(oldest!);
  }

  return {
    spend(code) {
      const digest = hash("sha256", code, "base64");
      forgetExpired();
      if (spentAt.has(digest)) return false;
      makeRoom();
      spentAt.set(digest, now());
      return true;
    },
  };
}
