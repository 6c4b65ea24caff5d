export {
  createGuard,
  type Guard,
  type GuardOptions,
  type GuardVerdict,
} from "@miniprivacy/core/sensitive-data";
export { type Fetch, guardFetch } from "./guard/guard-fetch.ts";
