export { appendLeaf, EMPTY_FRONTIER, frontierRoot, type LogFrontier } from "./log/log-frontier.ts";
export {
  BLINDING_BYTES,
  blindedDigest,
  LEAF_VERSION,
  leafContent,
  leafHash,
  nodeHash,
} from "./log/log-leaf.ts";
