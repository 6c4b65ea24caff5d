import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkpointText, parseCheckpoint } from "./checkpoint.ts";
import { inclusionRanges, rootOfInclusion } from "./inclusion-proof.ts";
import { appendLeaves, EMPTY_FRONTIER, frontierRoot } from "./log-frontier.ts";
import { leafHash } from "./log-leaf.ts";
import { formatLogProof, parseLogProof } from "./log-proof.ts";
import { formatSignedNote, noteKeyId, parseSignedNote } from "./signed-note.ts";

const invalid = expect.objectContaining({ code: "ERR_INPUT_INVALID" });
const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Uint8Array.of(i)));
const rootOf = (start: number, end: number): Uint8Array =>
  frontierRoot(appendLeaves(EMPTY_FRONTIER, leaves.slice(start, end)));

describe("inclusionRanges, rootOfInclusion", () => {
  it("prove every leaf of every tree, and no other leaf, index or size", () => {
    for (let size = 1; size <= leaves.length; size++) {
      const root = Buffer.from(rootOf(0, size));
      for (let leafIndex = 0; leafIndex < size; leafIndex++) {
        const path = inclusionRanges(leafIndex, size).map(({ start, end }) => rootOf(start, end));
        const leaf = leaves[leafIndex]!;
        expect(root.equals(rootOfInclusion({ leafIndex, size, leaf }, path)!)).toBe(true);
        const lies = [
          rootOfInclusion({ leafIndex, size, leaf: leaves[(leafIndex + 1) % 70]! }, path),
          rootOfInclusion({ leafIndex: leafIndex ^ 1, size, leaf }, path),
          rootOfInclusion({ leafIndex, size, leaf }, [...path, leaf]),
          rootOfInclusion({ leafIndex, size, leaf }, path.slice(1)),
        ];
        for (const lie of lies.slice(0, size === 1 ? 3 : 4))
          expect(lie !== undefined && root.equals(lie)).toBe(false);
      }
    }
  });

  it("have the ranges of RFC 6962 §2.1.3", () => {
    const ranges = (leaf: number) => inclusionRanges(leaf, 7).map(({ start, end }) => [start, end]);
    expect(ranges(0)).toEqual([[1, 2], [2, 4], [4, 7]]); // prettier-ignore
    expect(ranges(3)).toEqual([[2, 3], [0, 2], [4, 7]]); // prettier-ignore
    expect(ranges(4)).toEqual([[5, 6], [6, 7], [0, 4]]); // prettier-ignore
    expect(ranges(6)).toEqual([[4, 6], [0, 4]]); // prettier-ignore
  });

  it.each([
    [-1, 3],
    [3, 3],
    [0, 0],
    [0.5, 3],
    [Number.NaN, 3],
  ])("refuse leaf %d of %d", (leaf, size) => {
    expect(() => inclusionRanges(leaf, size)).toThrow(RangeError);
  });
});

describe("checkpoint", () => {
  const root = createHash("sha256").digest();

  it("is origin, size and root, a line each", () => {
    expect(checkpointText({ origin: "example.com/log", size: 12, root })).toBe(
      "example.com/log\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
    );
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, bytes) => {
        const checkpoint = { origin: "a.example/log", size, root: bytes };
        expect(parseCheckpoint(checkpointText(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  const good = checkpointText({ origin: "o", size: 1, root });
  it.each([
    ["an extension line", `${good}x\n`],
    ["a size with a leading zero", good.replace("\n1\n", "\n01\n")],
    ["a size that is no number", good.replace("\n1\n", "\n1e3\n")],
    ["a short root", "o\n1\nAAAA\n"],
    ["a root that is not base64", good.replace("+", "_")],
    ["no last newline", good.trimEnd()],
    ["an origin with a space", good.replace("o", "o o")],
    ["nothing", ""],
  ])("refuses %s", (_name, text) => {
    expect(() => parseCheckpoint(text)).toThrow(invalid);
  });
});

describe("signed note", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
  const text = "example.com/log\n0\nxx\n";

  it("carries an Ed25519 signature over its text, newline included", () => {
    const signature = sign(null, Buffer.from(text), privateKey);
    const keyId = noteKeyId("example.com/log", raw);
    const note = formatSignedNote({
      text,
      signatures: [{ name: "example.com/log", keyId, signature }],
    });
    expect(note.startsWith(`${text}\n— example.com/log `)).toBe(true);
    const [read] = parseSignedNote(note).signatures;
    expect(parseSignedNote(note).text).toBe(text);
    expect(Buffer.from(read!.keyId)).toEqual(Buffer.from(keyId));
    expect(verify(null, Buffer.from(text), publicKey, read!.signature)).toBe(true);
  });

  it("names a key by the first bytes of SHA-256(name, newline, 1, key)", () => {
    const digest = createHash("sha256").update("n\n").update(Uint8Array.of(1)).update(raw).digest();
    expect(Buffer.from(noteKeyId("n", raw))).toEqual(digest.subarray(0, 4));
  });

  it("keeps what others signed", () => {
    const bytes = new Uint8Array(64);
    const signatures = ["a", "b"].map((name) => ({
      name,
      keyId: bytes.slice(0, 4),
      signature: bytes,
    }));
    expect(parseSignedNote(formatSignedNote({ text, signatures })).signatures).toEqual(signatures);
  });

  it.each([
    ["without signature", `${text}\n`],
    ["without blank line", `${text}— a AAAAAAAA\n`],
    ["with a hyphen for the dash", `${text}\n- a AAAAAAAA\n`],
    ["with a signature of no bytes", `${text}\n— a AAAAAA==\n`],
    ["with something behind the signature", `${text}\n— a AAAAAAAA x\n`],
    ["without last newline", `${text}\n— a AAAAAAAA`],
    ["that is endless", `${text}\n${"— a AAAAAAAA\n".repeat(2000)}`],
  ])("refuses one %s", (_name, note) => {
    expect(() => parseSignedNote(note)).toThrow(invalid);
  });
});

describe("log proof", () => {
  it("has the form of the specification", () => {
    const path = [new Uint8Array(32)];
    expect(
      formatLogProof({
        leafIndex: 5,
        path,
        checkpoint: "c\n",
        blinding: Buffer.from("extra information"),
      }),
    ).toBe(
      `c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 5\n${"A".repeat(43)}=\n\nc\n`,
    );
    expect(formatLogProof({ leafIndex: 0, path: [], checkpoint: "c\n" })).toBe(
      "c2sp.org/tlog-proof@v1\nindex 0\n\nc\n",
    );
  });

  it("reads what it writes", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(hash, { maxLength: 53 }),
        fc.boolean(),
        (leafIndex, path, blinded) => {
          const blinding = blinded ? { blinding: new Uint8Array(16).fill(7) } : {};
          const proof = { leafIndex, path, checkpoint: "o\n1\nr\n\n— o AAAAAAAA\n", ...blinding };
          expect(parseLogProof(formatLogProof(proof))).toEqual(proof);
        },
      ),
    );
  });

  it.each([
    ["another header", "c2sp.org/tlog-proof@v2\nindex 0\n\nc\n"],
    ["no index", "c2sp.org/tlog-proof@v1\n\nc\n"],
    ["a negative index", "c2sp.org/tlog-proof@v1\nindex -1\n\nc\n"],
    ["an index with a leading zero", "c2sp.org/tlog-proof@v1\nindex 01\n\nc\n"],
    ["a short hash", "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nc\n"],
    ["an extra that is not base64", "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nc\n"],
    ["no checkpoint", "c2sp.org/tlog-proof@v1\nindex 0\n"],
    [
      "a path without end",
      `c2sp.org/tlog-proof@v1\nindex 0\n${`${"A".repeat(43)}=\n`.repeat(54)}\nc\n`,
    ],
  ])("with %s is refused", (_name, text) => {
    expect(() => parseLogProof(text)).toThrow(invalid);
  });
});
