export {
  createGuard,
  type Guard,
  type GuardOptions,
  type GuardVerdict,
} from "@miniprivacy/core/sensitive-data";
export { guardHost } from "./guard/guard-host.ts";
