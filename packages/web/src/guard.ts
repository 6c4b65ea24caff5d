export {
  createGuard,
  type Guard,
  type GuardOptions,
  type GuardVerdict,
  scanText,
  scanValue,
} from "@miniprivacy/core/sensitive-data";
export { type Beacon, guardBeacon } from "./guard/guard-beacon.ts";
export { type Fetch, guardFetch } from "./guard/guard-fetch.ts";
export { guardHost } from "./guard/guard-host.ts";
export { guardWindow, type SendingWindow } from "./guard/guard-window.ts";
export { guardXhr, type Xhr } from "./guard/guard-xhr.ts";
