import type { Guard } from "@miniprivacy/core/sensitive-data";
import { clearedBody } from "./browser-body.ts";
import { requireClear } from "./clearance.ts";

/** A browser's `navigator.sendBeacon`. */
export type Beacon = Navigator["sendBeacon"];

/**
 * Puts a guard before `navigator.sendBeacon`. A beacon must leave at once, and a file cannot be read at once: it is
 * stopped unless the mode is `report`.
 *
 * @returns A function that answers false when it has stopped something.
 * @see TC-D6.2a
 */
export function guardBeacon(guard: Guard, navigator: { readonly sendBeacon: Beacon }): Beacon {
  const send = navigator.sendBeacon.bind(navigator);
  return (url, data) => {
    let body;
    try {
      requireClear(guard, url);
      body = clearedBody(guard, data);
    } catch {
      return false;
    }
    return send(url, body);
  };
}
