export {
  appendLeaf,
  appendLeaves,
  EMPTY_FRONTIER,
  frontierRoot,
  type LogFrontier,
} from "./log/log-frontier.ts";
export {
  BLINDING_BYTES,
  blindedDigest,
  LEAF_VERSION,
  leafContent,
  leafHash,
  nodeHash,
  type Sha256,
} from "./log/log-leaf.ts";
