import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendLeaf, EMPTY_FRONTIER, frontierRoot, type LogFrontier } from "./log-frontier.ts";
import { blindedDigest, leafContent, leafHash } from "./log-leaf.ts";

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

/** RFC 6962 §2.1, word for word. */
function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0]!);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(
    Uint8Array.of(1),
    naiveRoot(leaves.slice(0, split)),
    naiveRoot(leaves.slice(split)),
  );
}

function frontierOf(leaves: readonly Uint8Array[]): LogFrontier {
  return leaves.reduce((frontier, leaf) => appendLeaf(frontier, leafHash(leaf)), EMPTY_FRONTIER);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("log frontier", () => {
  it("has the root of a naive tree at every size", () => {
    const leaves = Array.from({ length: 130 }, (_, i) => Uint8Array.of(i, i >> 8));
    for (let size = 0; size <= leaves.length; size++) {
      const part = leaves.slice(0, size);
      expect(hex(frontierRoot(frontierOf(part)))).toBe(hex(naiveRoot(part)));
    }
  });

  it("keeps one node for each bit of its size", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array(), { maxLength: 70 }), (leaves) => {
        const { size, nodes } = frontierOf(leaves);
        expect(size).toBe(leaves.length);
        expect(nodes.length).toBe([...size.toString(2)].filter((bit) => bit === "1").length);
      }),
    );
  });

  it("gives the roots of the certificate-transparency test vectors", () => {
    const leaves = [
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ];
    const roots = [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    const bytes = leaves.map((leaf) => Buffer.from(leaf, "hex"));
    expect(bytes.map((_, i) => hex(frontierRoot(frontierOf(bytes.slice(0, i + 1)))))).toEqual(
      roots,
    );
  });
});

describe("log leaf", () => {
  it("commits to the body, and only with its blinding", () => {
    const body = Buffer.from('{"status":"given"}');
    const one = blindedDigest(body, new Uint8Array(16).fill(1));
    expect(hex(blindedDigest(body, new Uint8Array(16).fill(2)))).not.toBe(hex(one));
    expect(hex(blindedDigest(Buffer.from("{}"), new Uint8Array(16).fill(1)))).not.toBe(hex(one));
    expect([...leafContent(one)].slice(0, 1)).toEqual([1]);
  });

  it("refuses a blinding of another length", () => {
    expect(() => blindedDigest(new Uint8Array(), new Uint8Array(15))).toThrow(RangeError);
  });
});
