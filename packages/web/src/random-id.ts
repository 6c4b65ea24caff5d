/** Fills an array with random bytes; mini-programs can only do so asynchronously. */
export type RandomBytes = (length: number) => Uint8Array | Promise<Uint8Array>;

/** The part of a page's window that makes random bytes. */
export interface CryptoHost {
  readonly crypto: { getRandomValues(bytes: Uint8Array<ArrayBuffer>): unknown };
}

/** 128 random bits in hex. */
export async function randomId(random: RandomBytes): Promise<string> {
  const bytes = await random(16);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function hostRandom({ crypto }: CryptoHost): RandomBytes {
  return (length) => {
    const bytes = new Uint8Array(length);
    crypto.getRandomValues(bytes);
    return bytes;
  };
}
