import { type RandomBytes, randomId } from "../random-id.ts";
import type { StateStore } from "./client-storage.ts";

/**
 * The secret by which the server knows this device before anybody signs in, drawn when it is first needed.
 *
 * @param linked One that belongs to a person now: another takes its place.
 */
export type DeviceSecret = (linked?: string) => Promise<string>;

export function createDeviceSecret(store: StateStore, random: RandomBytes): DeviceSecret {
  return async (linked) => {
    let { device } = await store.read();
    if (!device || device === linked) {
      const drawn = await randomId(random);
      await store.update((state) => {
        // Another page may have drawn one meanwhile.
        device = !state.device || state.device === linked ? drawn : state.device;
        return { ...state, device };
      });
    }
    return device!;
  };
}
