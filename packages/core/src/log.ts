export { type Checkpoint, checkpointText, parseCheckpoint } from "./log/checkpoint.ts";
export { inclusionRanges, type LeafRange, rootOfInclusion } from "./log/inclusion-proof.ts";
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
export { formatLogProof, type LogProof, parseLogProof } from "./log/log-proof.ts";
export {
  formatSignedNote,
  noteKeyId,
  type NoteSignature,
  parseSignedNote,
  type SignedNote,
} from "./log/signed-note.ts";
