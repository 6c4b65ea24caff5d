import { formatLogProof } from "@miniprivacy/core/log";
import type { Runtime } from "../runtime.ts";
import { createLogTree } from "./log-tree.ts";

/** Writes proofs that the log holds an entry. */
export interface LogProver {
  /**
   * The proof for a leaf against the newest checkpoint; undefined while none covers it, or when there is no such leaf.
   *
   * @param blinding What a verifier needs to make the leaf anew (left out).
   */
  prove(leafIndex: number, blinding?: Uint8Array): Promise<string | undefined>;
}

export function createLogProver({
  database,
  checkpoints,
}: Pick<Runtime, "database" | "checkpoints">): LogProver {
  const tree = createLogTree(database.tables);
  return {
    async prove(leafIndex, blinding) {
      const checkpoint = await checkpoints.covering(leafIndex);
      if (checkpoint === undefined) return undefined;
      const path = await tree.inclusionPath(leafIndex, checkpoint.size);
      return formatLogProof({
        leafIndex,
        path,
        checkpoint: checkpoint.note,
        ...(blinding && { blinding }),
      });
    },
  };
}
