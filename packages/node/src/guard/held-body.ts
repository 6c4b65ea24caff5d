import { SCAN_LIMITS } from "@miniprivacy/core/sensitive-data";

/** A body that is held back until it is whole. */
export interface HeldBody {
  add(bytes: Uint8Array): void;
  /** Whether it is longer than anything that is looked through; then it is not kept. */
  isOver(): boolean;
  bytes(): Buffer<ArrayBuffer>;
}

export function createHeldBody(): HeldBody {
  let chunks: Uint8Array[] = [];
  let size = 0;
  const isOver = (): boolean => size > SCAN_LIMITS.characters;
  return {
    isOver,
    add(bytes) {
      size += bytes.length;
      if (isOver()) chunks = [];
      else chunks.push(bytes);
    },
    bytes: () => Buffer.concat(chunks),
  };
}
