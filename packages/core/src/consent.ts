export { consentRecordToDpv, type DpvConsentFields } from "./consent/consent-record-dpv.ts";
export { consentRecordFromDpv } from "./consent/consent-record-from-dpv.ts";
export {
  consentRecordFromKantara,
  consentRecordToKantara,
  type KantaraConsentFields,
} from "./consent/consent-record-kantara.ts";
export { parseConsentEvent } from "./consent/parse-consent-event.ts";
export { parseConsentReceipt } from "./consent/parse-consent-receipt.ts";
export { parseConsentRecord } from "./consent/parse-consent-record.ts";
