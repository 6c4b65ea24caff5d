import { PrivacyError } from "@miniprivacy/core/errors";
import type { LogProver } from "../log/log-prover.ts";
import type { Runtime } from "../runtime.ts";
import type { Route } from "./route.ts";

const TEXT = { headers: { "content-type": "text/plain; charset=utf-8" } };

/** What anybody may ask of the log: hashes and signatures, nothing of what was written. */
export function logRoutes({ checkpoints }: Runtime, prover: LogProver): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/log/checkpoint",
      audience: "anyone",
      summary: "The newest signed checkpoint of the log (c2sp.org/tlog-checkpoint).",
      answers: { 200: "text/plain" },
      handle: async () => new Response((await checkpoints.newest()).note, TEXT),
    },
    {
      method: "GET",
      path: "/log/proof",
      audience: "anyone",
      summary: "The proof that the log holds a leaf (c2sp.org/tlog-proof).",
      query: { index: "Index of the leaf, from 0." },
      answers: { 200: "text/plain" },
      async handle({ query }) {
        const proof = await prover.prove(parseLeafIndex(query.get("index")));
        if (proof === undefined) throw new PrivacyError("ERR_NOT_FOUND");
        return new Response(proof, TEXT);
      },
    },
  ];
}

function parseLeafIndex(text: string | null): number {
  if (text === null || !/^(0|[1-9]\d{0,14})$/.test(text))
    throw new PrivacyError("ERR_INPUT_INVALID", {
      issues: [{ code: "type", schemaPath: "index" }],
    });
  return Number(text);
}
