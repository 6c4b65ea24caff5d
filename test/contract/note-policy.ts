import { definePolicy } from "@miniprivacy/core/policy";

/** The policy of the records that connectors are tried with. */
export const policy = definePolicy({
  id: "notes",
  version: "1",
  languages: ["en"],
  controller: { name: { en: "Shop" }, country: "CN", contact: { email: "a@shop.example" } },
  categories: { note: { label: { en: "Note" }, source: "subject" } },
  recipients: {},
  purposes: {},
});
