import { createGuard, type Guard } from "@miniprivacy/core/sensitive-data";

/** What the contract says goes before the list: stops phone numbers, lets a login through until its end. */
export const guard: Guard = createGuard({
  profile: {
    extend: "tcmpp-strict",
    block: ["contact.phone"],
    allow: {
      "credential.account": { reason: "login, contract annex 3", until: "2099-06-30" },
    },
  },
  mode: "block",
  now: Date.now,
});
