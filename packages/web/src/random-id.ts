import { base64Url } from "./base64url.ts";

/** Fills an array with random bytes; mini-programs can only do so asynchronously. */
export type RandomBytes = (length: number) => Uint8Array | Promise<Uint8Array>;

/** The part of a page's window that makes random bytes. */
export interface CryptoHost {
  readonly crypto: { getRandomValues(bytes: Uint8Array<ArrayBuffer>): Uint8Array };
}

/** 128 random bits in 22 characters of base64url. */
export async function randomId(random: RandomBytes): Promise<string> {
  return base64Url(await random(16));
}

export function hostRandom({ crypto }: CryptoHost): RandomBytes {
  return (length) => crypto.getRandomValues(new Uint8Array(length));
}
