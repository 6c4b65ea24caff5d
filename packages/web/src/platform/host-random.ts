import type { RandomBytes } from "../random-id.ts";
import { privacyError } from "../privacy-error.ts";
import { callHost, type HostObject } from "./call-host.ts";

/** Random bytes of the host's `getRandomValues` (Weixin base library ≥ 2.15.0). There is no weaker substitute. */
export function hostRandomBytes(host: HostObject): RandomBytes {
  return async (length) => {
    const { randomValues } = await callHost<{ randomValues?: ArrayBuffer }>(
      host,
      "getRandomValues",
      { length },
    );
    const bytes = new Uint8Array(randomValues ?? new ArrayBuffer(0));
    if (bytes.length !== length) throw privacyError("ERR_PLATFORM_UNAVAILABLE");
    return bytes;
  };
}
