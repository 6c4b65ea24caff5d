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
    let { device, outbox } = await store.read();
    // Requirement KS-4.4.2: nobody signs in or registers to decide; the device has a secret of its own.
    // What waits was decided by that person: it goes out in her name only, once she has signed in again.
    if (!device || (device === linked && !outbox.length)) {
      const drawn = await randomId(random);
      await store.update((state) => {
        // Another page may have drawn one meanwhile.
        device = (state.device !== linked && state.device) || drawn;
        return { ...state, device };
      });
    }
    return device!;
  };
}
