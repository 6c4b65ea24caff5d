import { randomFillSync } from "node:crypto";
import { BLINDING_BYTES } from "@miniprivacy/core/log";

/** Random bytes are drawn for this many leaves at once: a call for 16 costs as much as one for all. */
const DRAWN = 256 * BLINDING_BYTES;

let drawn = Buffer.alloc(0);
let used = 0;

/** Random bytes for one leaf, given out once. */
export function drawBlinding(): Uint8Array {
  if (used === drawn.length) {
    drawn = randomFillSync(Buffer.allocUnsafe(DRAWN));
    used = 0;
  }
  return drawn.subarray(used, (used += BLINDING_BYTES));
}
