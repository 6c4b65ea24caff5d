// The guides use the policy and the data map of the demo.
export { note, order, policy } from "../corner-shop/src/policy.ts";
