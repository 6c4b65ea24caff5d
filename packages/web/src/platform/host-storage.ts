import type { ClientStorage } from "../consent/client-storage.ts";
import { callHost, type HostObject } from "./call-host.ts";

export interface HostStorageOptions {
  /**
   * Encrypted by the host (Weixin base library ≥ 2.21.3): 0.7 MB a key in place of 1 MB, and slower (false). Decide it
   * once: what was stored the other way is not found any more.
   */
  readonly encrypt?: boolean;
}

/** The host's storage: of this person and this mini-program, kept when the app is killed. */
export function hostStorage(host: HostObject, options: HostStorageOptions = {}): ClientStorage {
  const { encrypt = false } = options;
  const way = encrypt ? { encrypt } : {};
  return {
    async get(key) {
      try {
        return (await callHost<{ data?: unknown }>(host, "getStorage", { key, ...way })).data;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    set: (key, data) => callHost(host, "setStorage", { key, data, ...way }),
  };
}

/** A key never set is a failure to the host. */
function isNotFound(error: unknown): boolean {
  return /not (?:found|exist)/i.test(String((error as { errMsg?: unknown } | null)?.errMsg));
}
