import { type KeySet, verifyCertificate, verifyStatement } from "@miniprivacy/core/certificate";
import {
  appendLeaf,
  EMPTY_FRONTIER,
  frontierRoot,
  parseCheckpoint,
  parseLogProof,
  parseSignedNote,
  rootOfInclusion,
} from "@miniprivacy/core/log";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase } from "../database/database.fixture.ts";
import { verifyEd25519 } from "../key/verify-ed25519.ts";
import { type Fixture, openFixture, row } from "../privacy.fixture.ts";
import { createLogTree } from "./log-tree.ts";

let shop: Fixture;
beforeAll(async () => {
  shop = await openFixture(await openTestDatabase());
});
afterAll(() => shop.privacy.close());

async function publishedKeys(): Promise<KeySet> {
  return (await shop.call("GET", "/.well-known/jwks.json")).body as unknown as KeySet;
}

async function leafHashes(): Promise<readonly Buffer[]> {
  const query = shop.database.tables.selectFrom("log_leaf").select("leaf_hash");
  return (await query.orderBy("leaf_index").execute()).map(({ leaf_hash }) => leaf_hash);
}

describe("GET /log/checkpoint", () => {
  it("is signed by the log's published key and tells the root of the leaves there are", async () => {
    await shop.give("lin", "delivery");
    await expect
      .poll(async () => (await shop.call("GET", "/log/checkpoint")).text.split("\n")[1])
      .toBe("1");
    const { text, headers } = await shop.call("GET", "/log/checkpoint");
    expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const note = parseSignedNote(text);
    const { origin, size, root } = parseCheckpoint(note.text);
    const leaves = await leafHashes();
    expect(size).toBe(leaves.length);
    const tree = leaves.reduce((grown, leaf) => appendLeaf(grown, leaf), EMPTY_FRONTIER);
    expect(Buffer.from(root)).toEqual(Buffer.from(frontierRoot(tree)));
    const key = (await publishedKeys()).keys.find((jwk) => "log" in jwk && jwk.log === origin);
    const raw = Buffer.from(key!.x, "base64url");
    expect(note.signatures).toHaveLength(1);
    expect(verifyEd25519(raw, Buffer.from(note.text), note.signatures[0]!.signature)).toBe(true);
  });
});

describe("GET /log/proof", () => {
  it("proves any leaf to anybody against a signed checkpoint", async () => {
    for (const person of ["a", "b", "c", "d", "e"]) await shop.give(person, "delivery");
    const leaves = await leafHashes();
    for (const [leafIndex, leaf] of leaves.entries()) {
      const { text, status } = await shop.call("GET", `/log/proof?index=${leafIndex}`);
      expect(status).toBe(200);
      const proof = parseLogProof(text);
      const { size, root } = parseCheckpoint(parseSignedNote(proof.checkpoint).text);
      const reached = rootOfInclusion({ leafIndex, size, leaf }, proof.path);
      expect(Buffer.from(reached!)).toEqual(Buffer.from(root));
    }
  });

  it.each([
    ["?index=999999", 404],
    ["?index=-1", 400],
    ["?index=1e3", 400],
    ["?index=", 400],
    ["", 400],
  ])("answers %j with %d", async (query, status) => {
    expect((await shop.call("GET", `/log/proof${query}`)).status).toBe(status);
  });
});

describe("a statement", () => {
  it("WX-4.7c: a confirmation comes with the proof that the log holds exactly its bytes", async () => {
    shop.store.rows.push(row("gone"));
    const { body: opened } = await shop.call("POST", "/requests", {
      as: "gone",
      body: { kind: "erase" },
    });
    await shop.privacy.idle();
    const headers = { "x-request-token": opened["requestToken"] as string };
    const { body: view } = await shop.call("GET", `/requests/${String(opened["id"])}`, { headers });
    const { body } = await shop.call("GET", `/certificates/${String(view["certificateId"])}`, {
      headers,
    });
    const verification = await verifyCertificate(body["certificate"] as string, {
      keys: await publishedKeys(),
      now: shop.now(),
      proof: { text: body["proof"] as string, verifyEd25519 },
    });
    expect(verification).toMatchObject({ verdict: "valid" });
    const leaf = verification.verdict === "valid" ? verification.logged! : undefined;
    expect(leaf!.leafIndex).toBeLessThan(leaf!.size);
  });

  it("a receipt carries the newest checkpoint, and its leaf can be proven", async () => {
    const given = await shop.give("proven", "delivery");
    const [{ receipt }] = given.body["results"] as [{ receipt: string }];
    const events = shop.database.tables.selectFrom("log_event").select("leaf_index");
    const { leaf_index } = await events.where("statement", "=", receipt).executeTakeFirstOrThrow();
    const keys = await publishedKeys();
    const proof = (await shop.call("GET", `/log/proof?index=${leaf_index}`)).text;
    const verification = await verifyStatement(receipt, {
      keys,
      now: shop.now(),
      proof: { text: proof, verifyEd25519 },
    });
    expect(verification).toMatchObject({
      verdict: "valid",
      logged: { leafIndex: Number(leaf_index) },
    });
    const claims = verification.claims as { readonly checkpoint: string };
    expect(parseCheckpoint(parseSignedNote(claims.checkpoint).text).size).toBeGreaterThan(0);
  });
});

describe("createLogTree", () => {
  it("finds the path of leaves in a log of several blocks, at any size", async () => {
    const { tables } = shop.database;
    const total = 1300;
    const from = (await leafHashes()).length;
    const added = Array.from({ length: total - from }, (_, i) => ({
      leaf_index: from + i,
      leaf_hash: Buffer.alloc(32, i % 251),
    }));
    await tables.insertInto("log_leaf").values(added).execute();
    const leaves = await leafHashes();
    const tree = createLogTree(tables);
    for (const size of [1, 2, 255, 256, 257, 511, 512, 700, 1024, 1025, total]) {
      const grown = leaves
        .slice(0, size)
        .reduce((all, leaf) => appendLeaf(all, leaf), EMPTY_FRONTIER);
      const root = Buffer.from(frontierRoot(grown));
      for (const leafIndex of [0, 1, 254, 255, 256, 511, 512, 1023, 1024, size - 1]) {
        if (leafIndex >= size) continue;
        const path = await tree.inclusionPath(leafIndex, size);
        const reached = rootOfInclusion({ leafIndex, size, leaf: leaves[leafIndex]! }, path);
        expect(Buffer.from(reached!).equals(root)).toBe(true);
      }
    }
    await tables.deleteFrom("log_leaf").where("leaf_index", ">=", from).execute();
  });
});
