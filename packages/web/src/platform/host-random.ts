import type { RandomBytes } from "../random-id.ts";
import { privacyError } from "../privacy-error.ts";
import { callHost, type HostObject } from "./call-host.ts";
import { withinTime } from "./within-time.ts";

/** A host needs milliseconds. */
const ANSWER_MS = 3_000;

/**
 * Random bytes of the host's `getRandomValues` (Weixin base library ≥ 2.15.0). There is no weaker substitute: on a host
 * without it, such as Alipay's, the client needs a `random` of its own.
 *
 * @throws PrivacyError `ERR_PLATFORM_UNAVAILABLE` where the host has none, or gives none
 */
export function hostRandomBytes(host: HostObject): RandomBytes {
  return async (length) => {
    const asked = callHost<{ randomValues?: ArrayBuffer }>(host, "getRandomValues", { length });
    const answer = await withinTime(asked, ANSWER_MS).catch((cause: unknown) => {
      throw privacyError("ERR_PLATFORM_UNAVAILABLE", cause);
    });
    const bytes = new Uint8Array(answer?.randomValues ?? new ArrayBuffer(0));
    if (bytes.length !== length) throw privacyError("ERR_PLATFORM_UNAVAILABLE");
    return bytes;
  };
}
