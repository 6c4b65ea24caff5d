export { createGuard, type Guard, type GuardOptions } from "@miniprivacy/core/sensitive-data";
