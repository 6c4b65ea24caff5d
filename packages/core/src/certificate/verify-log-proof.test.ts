import { createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { canonicalJson } from "../json/canonical-json.ts";
import { checkpointText } from "../log/checkpoint.ts";
import { inclusionRanges } from "../log/inclusion-proof.ts";
import { appendLeaves, EMPTY_FRONTIER, frontierRoot } from "../log/log-frontier.ts";
import { blindedDigest, leafContent, leafHash } from "../log/log-leaf.ts";
import { formatLogProof } from "../log/log-proof.ts";
import { formatSignedNote, noteKeyId } from "../log/signed-note.ts";
import { certificateLogEntry } from "./certificate-log-entry.ts";
import { certificateDraft, ISSUED } from "./certificate.fixture.ts";
import { deletionCertificate } from "./deletion-certificate.ts";
import { createSigner, generateSigningKey } from "./signer.ts";
import { keyThumbprint, type PublicLogJwk } from "./signing-key.ts";
import type { VerifyEd25519 } from "./verify-log-proof.ts";
import { verifyCertificate, verifyStatement } from "./verify-statement.ts";

const ORIGIN = "shop.example/log";
const signer = await createSigner(await generateSigningKey());
const issuer = { ...certificateDraft().issuer, keyThumbprint: signer.kid };
const certificate = deletionCertificate(certificateDraft({ issuer }), ISSUED);
const jws = await signer.sign("deletion-certificate+jwt", certificate);

interface Log {
  readonly jwk: PublicLogJwk;
  /** A proof that a leaf is the fourth of six. */
  prove(leaf: Uint8Array, blinding?: Uint8Array): string;
}

async function openLog(origin = ORIGIN): Promise<Log> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const x = publicKey.export({ format: "jwk" }).x!;
  const members = { kty: "OKP", crv: "Ed25519", x } as const;
  const kid = await keyThumbprint(members);
  const keyId = noteKeyId(origin, Buffer.from(x, "base64url"));
  return {
    jwk: { ...members, alg: "EdDSA", use: "sig", kid, log: origin },
    prove(leaf, blinding) {
      const leaves = Array.from({ length: 6 }, (_, i) =>
        i === 3 ? leaf : leafHash(Uint8Array.of(i)),
      );
      const root = (start: number, end: number): Uint8Array =>
        frontierRoot(appendLeaves(EMPTY_FRONTIER, leaves.slice(start, end)));
      const text = checkpointText({ origin, size: 6, root: root(0, 6) });
      const signature = sign(null, Buffer.from(text), privateKey);
      const checkpoint = formatSignedNote({
        text,
        signatures: [{ name: origin, keyId, signature }],
      });
      const path = inclusionRanges(3, 6).map(({ start, end }) => root(start, end));
      return formatLogProof({ leafIndex: 3, path, checkpoint, ...(blinding && { blinding }) });
    },
  };
}

const verifyEd25519: VerifyEd25519 = (key, message, signature) => {
  const x = Buffer.from(key).toString("base64url");
  const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, message, publicKey, signature);
};

const log = await openLog();
const blinding = randomBytes(16);
const body = encodeUtf8(canonicalJson(certificateLogEntry(jws)));
const leaf = leafHash(leafContent(blindedDigest(body, blinding)));
const proof = log.prove(leaf, blinding);
const keys = { keys: [signer.publicJwk, log.jwk] };

async function failedCheck(change: {
  keys?: object;
  text?: string;
  trust?: string;
}): Promise<string> {
  const { text = proof, trust, keys: given = keys } = change;
  const { verdict, checks } = await verifyCertificate(jws, {
    keys: given as typeof keys,
    now: ISSUED,
    proof: { text, verifyEd25519, ...(trust !== undefined && { trust }) },
  });
  expect(verdict).toBe("invalid");
  return checks.at(-1)!.name;
}

describe("verifyStatement with a log proof", () => {
  it("says where the log holds the exact bytes of a certificate", async () => {
    const verification = await verifyCertificate(jws, {
      keys,
      now: ISSUED,
      proof: { text: proof, verifyEd25519, trust: log.jwk.kid },
    });
    expect(verification).toMatchObject({
      verdict: "valid",
      logged: { origin: ORIGIN, leafIndex: 3, size: 6 },
    });
    expect(verification.checks.slice(-4).map(({ name }) => name)).toEqual([
      "log-proof-form",
      "log-key",
      "log-signature",
      "log-inclusion",
    ]);
  });

  it("refuses a proof of another entry, another blinding or a blinding left out", async () => {
    const other = leafHash(leafContent(blindedDigest(encodeUtf8("{}"), blinding)));
    expect(await failedCheck({ text: log.prove(other, blinding) })).toBe("log-inclusion");
    expect(await failedCheck({ text: log.prove(leaf, randomBytes(16)) })).toBe("log-inclusion");
    expect(await failedCheck({ text: log.prove(leaf) })).toBe("log-proof-form");
  });

  it("refuses a checkpoint that says more than was signed", async () => {
    expect(await failedCheck({ text: proof.replace("\n6\n", "\n7\n") })).toBe("log-signature");
  });

  it("refuses the checkpoint of a log whose key the verifier does not have, or pinned otherwise", async () => {
    const { kid } = signer;
    expect(await failedCheck({ keys: { keys: [signer.publicJwk] } })).toBe("log-key");
    expect(
      await failedCheck({ text: (await openLog("other.example/log")).prove(leaf, blinding) }),
    ).toBe("log-key");
    expect(await failedCheck({ trust: kid })).toBe("log-key");
    expect(await failedCheck({ keys: { keys: [signer.publicJwk, log.jwk, log.jwk] } })).toBe(
      "log-key",
    );
    expect(
      await failedCheck({ keys: { keys: [signer.publicJwk, { ...log.jwk, kid: "other" }] } }),
    ).toBe("log-key");
  });

  it.each([{ d: "AAAA" }, { use: "enc" }, { alg: "ES256" }, { key_ops: ["sign"] }])(
    "refuses a log key that was published with %j",
    async (members) => {
      const jwk = { ...log.jwk, ...members };
      expect(await failedCheck({ keys: { keys: [signer.publicJwk, jwk] } })).toBe("log-key");
    },
  );

  it("refuses a log key of the right name that did not sign", async () => {
    const { jwk } = await openLog();
    expect(await failedCheck({ keys: { keys: [signer.publicJwk, jwk] } })).toBe("log-signature");
  });

  it.each(["", "garbage", "c2sp.org/tlog-proof@v1\nindex 3\n\nx\n\n— x AAAAAAAA\n"])(
    "refuses %j as a proof",
    async (text) => {
      expect(await failedCheck({ text })).toBe("log-proof-form");
    },
  );

  it("never takes a log's key for a statement", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const { x, d } = privateKey.export({ format: "jwk" });
    const logSigner = await createSigner({ kty: "OKP", crv: "Ed25519", x: x!, d: d! });
    const forged = await logSigner.sign(
      "deletion-certificate+jwt",
      deletionCertificate(
        certificateDraft({ issuer: { ...issuer, keyThumbprint: logSigner.kid } }),
        ISSUED,
      ),
    );
    const own = await verifyStatement(forged, {
      keys: { keys: [logSigner.publicJwk] },
      now: ISSUED,
    });
    expect(own.verdict).toBe("valid");
    const asLog = { ...logSigner.publicJwk, log: ORIGIN };
    const { verdict, checks } = await verifyStatement(forged, {
      keys: { keys: [asLog] },
      now: ISSUED,
    });
    expect(verdict).toBe("invalid");
    expect(checks.at(-1)).toEqual({ name: "key-form", ok: false });
  });
});
