import { clientPolicy } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";
import { healthRoute } from "./health-route.ts";
import type { Route } from "./route.ts";
import { keySetShape, policyShape } from "./wire.ts";

/** What anybody may know of the deployment. */
export function publicRoutes({ policy, keys }: Runtime): readonly Route[] {
  return [
    healthRoute("ok"),
    {
      method: "GET",
      path: "/policy",
      audience: "anyone",
      summary: "What a device needs of the policy: purposes, categories, digests.",
      answers: { 200: policyShape },
      handle: async () => Response.json(clientPolicy(policy), cachedFor(60)),
    },
    {
      method: "GET",
      path: "/.well-known/jwks.json",
      audience: "anyone",
      summary: "The public keys: of statements, and (with `log`) of the log.",
      answers: { 200: keySetShape },
      handle: async () =>
        Response.json({ keys: [keys.signer.publicJwk, keys.log.publicJwk] }, cachedFor(300)),
    },
  ];
}

function cachedFor(seconds: number): ResponseInit {
  return { headers: { "cache-control": `public, max-age=${seconds}` } };
}
