import type { GuardedTransports } from "@miniprivacy/node";
import { guarded } from "./guarded-fetch.ts";

const guardedFetch = guarded(fetch, () => undefined);

/** How this app sends: `miniprivacy check --guard` plants canaries in each. */
export const guardedTransports: GuardedTransports = {
  "courier api": ({ url, payload }) =>
    guardedFetch(url, { method: "POST", body: JSON.stringify(payload) }),
};
