import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../json/canonical-json.ts";
import { isLowS } from "./low-s.ts";
import { createSigner, generateSigningKey } from "./signer.ts";
import type { PrivateJwk } from "./signing-key.ts";

const edKey = (): PrivateJwk =>
  generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }) as unknown as PrivateJwk;
const decoded = (part: string | undefined): string =>
  Buffer.from(part ?? "", "base64url").toString("utf8");

describe("createSigner", () => {
  it.each([
    ["ES256", generateSigningKey, "sha256"],
    ["EdDSA", async () => edKey(), undefined],
  ] as const)("signs %s statements that another library verifies", async (alg, makeKey, digest) => {
    const signer = await createSigner(await makeKey());
    const payload = { b: [1, "小店"], a: { z: null, y: true } };
    const jws = await signer.sign("consent-receipt+jwt", payload);
    const [header, body, signature] = jws.split(".");
    expect(JSON.parse(decoded(header))).toEqual({
      alg,
      kid: signer.kid,
      typ: "consent-receipt+jwt",
    });
    expect(decoded(body)).toBe(canonicalJson(payload));
    const key = createPublicKey({ key: { ...signer.publicJwk }, format: "jwk" });
    const bytes = Buffer.from(`${header}.${body}`);
    expect(
      verify(
        digest,
        bytes,
        { key, dsaEncoding: "ieee-p1363" },
        Buffer.from(signature!, "base64url"),
      ),
    ).toBe(true);
  });

  it("publishes the key without its private part, named by its RFC 7638 thumbprint", async () => {
    // The key of RFC 8037 appendix A.
    const signer = await createSigner({
      kty: "OKP",
      crv: "Ed25519",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    });
    expect(signer.publicJwk).toEqual({
      kty: "OKP",
      crv: "Ed25519",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      alg: "EdDSA",
      use: "sig",
      kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    });
    expect(JSON.stringify(signer)).not.toContain("nWGxne");
  });

  it("gives ES256 signatures in their low-S form", async () => {
    const signer = await createSigner(await generateSigningKey());
    const statements = await Promise.all(
      Array.from({ length: 32 }, (_, n) => signer.sign("log-checkpoint+jwt", { n })),
    );
    for (const jws of statements)
      expect(isLowS(Buffer.from(jws.split(".")[2]!, "base64url"))).toBe(true);
  });

  it("refuses a key whose parts do not belong together, or that is none", async () => {
    const [one, other] = [await generateSigningKey(), await generateSigningKey()];
    const [ed, otherEd] = [edKey(), edKey()];
    const bad = [
      { ...one, d: other.d },
      { ...ed, d: otherEd.d },
      { ...one, d: "" },
      { ...one, crv: "P-384" },
      {},
    ];
    for (const key of bad) {
      await expect(createSigner(key as PrivateJwk)).rejects.toMatchObject({
        code: "ERR_CONFIG_INVALID",
      });
    }
  });

  it("signs nothing that is not JSON, and nothing longer than verifiers read", async () => {
    const signer = await createSigner(await generateSigningKey());
    await expect(signer.sign("log-checkpoint+jwt", { a: undefined })).rejects.toMatchObject({
      code: "ERR_INPUT_INVALID",
    });
    const long = { text: "x".repeat(1 << 20) };
    await expect(signer.sign("log-checkpoint+jwt", long)).rejects.toMatchObject({
      code: "ERR_INPUT_TOO_LARGE",
    });
  });
});
