import { createHmac, createPrivateKey, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../json/canonical-json.ts";
import { certificateDraft, daysLater, erasedScope, ISSUED } from "./certificate.fixture.ts";
import { type DeletionCertificate, deletionCertificate } from "./deletion-certificate.ts";
import { createSigner, generateSigningKey, type Signer } from "./signer.ts";
import type { KeySet, PrivateJwk, PublicJwk } from "./signing-key.ts";
import { verifyCertificate, verifyStatement } from "./verify-statement.ts";

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const TYPE = "deletion-certificate+jwt";

const privateJwk = await generateSigningKey();
const signer = await createSigner(privateJwk);
const otherJwk = await generateSigningKey();
const other = await createSigner(otherJwk);
const certificate = certificateBy(signer);
const jws = await signer.sign(TYPE, certificate);
const [header, payload, signature] = jws.split(".") as [string, string, string];
const headerMembers = { alg: "ES256", kid: signer.kid, typ: TYPE };
const payloadText = canonicalJson(certificate);
const keys: KeySet = { keys: [other.publicJwk, signer.publicJwk] };
const options = { keys, now: ISSUED };

describe("verifyStatement", () => {
  it("WX-4.7c: a signed confirmation verifies with nothing but its text and the keys of the issuer", async () => {
    const { checks, ...verification } = await verifyStatement(jws, options);
    expect(verification).toEqual({
      verdict: "valid",
      trust: "caller",
      type: TYPE,
      claims: certificate,
    });
    expect(checks.map(({ name }) => name)).toEqual([
      "size",
      "three-parts",
      "base64url",
      "header-json",
      "no-critical-extension",
      "no-embedded-key",
      "header-members",
      "header-canonical",
      "algorithm",
      "type",
      "type-expected",
      "key-known",
      "key-unique",
      "key-public",
      "key-form",
      "key-thumbprint",
      "low-s",
      "signature",
      "payload-json",
      "payload-canonical",
      "form",
      "issuer-key",
      "claim",
      "residuals",
      "issued-at",
    ]);
    expect(checks.every(({ ok }) => ok)).toBe(true);
  });

  it("says whose trust it was", async () => {
    expect(await verifyStatement(jws, { ...options, trust: signer.kid })).toMatchObject({
      verdict: "valid",
      trust: "pinned",
    });
    expect(await failure(jws, { trust: other.kid })).toBe("key-pinned");
    expect(await failure(jws, { trust: "" })).toBe("key-pinned");
  });

  it("verifies EdDSA", async () => {
    const ed = await createSigner({
      kty: "OKP",
      crv: "Ed25519",
      x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
      d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    });
    const signed = await ed.sign(TYPE, certificateBy(ed));
    const set = { keys: [ed.publicJwk] };
    expect(await verifyStatement(signed, { ...options, keys: set })).toMatchObject({
      verdict: "valid",
    });
    expect(await failure(tampered(signed), { keys: set })).toBe("signature");
  });

  it("takes the time into account: five minutes ahead at most", async () => {
    expect(await failure(jws, { now: ISSUED - 5 * 60_000 })).toBeUndefined();
    expect(await failure(jws, { now: ISSUED - 5 * 60_000 - 1 })).toBe("issued-at");
    expect(await failure(jws, { now: Number.NaN })).toBe("issued-at");
  });

  it.each(["", "hello", "one two. 三", "\u0000\u0001.\u0002", '{"certificate":"a.b.c"}', null, 42])(
    "cannot read %j at all",
    async (text) => {
      await expect(verifyStatement(text as string, options)).rejects.toMatchObject({
        code: "ERR_CERTIFICATE_MALFORMED",
      });
    },
  );

  it.each([null, [], {}, { keys: {} }, { keys: ["x"] }, { keys: [{}] }])(
    "takes no %j for a JWK set",
    async (set) => {
      await expect(verifyStatement(jws, { ...options, keys: set as KeySet })).rejects.toMatchObject(
        {
          code: "ERR_INPUT_INVALID",
        },
      );
    },
  );
});

describe("attacks on the encoding", () => {
  it.each<[string, string, string]>([
    ["two parts", `${header}.${payload}`, "three-parts"],
    ["four parts", `${jws}.`, "three-parts"],
    ["five parts, as a JWE has", `${jws}.${payload}.${signature}`, "three-parts"],
    ["longer than the limit", `${jws}${"A".repeat(1 << 20)}`, "size"],
    ["padded signature", `${jws}==`, "base64url"],
    ["padded header", `${header}=.${payload}.${signature}`, "base64url"],
    ["bits behind the last byte", withTrailingBits(jws), "base64url"],
    ["standard alphabet", `${header}.${payload}.+/${signature.slice(2)}`, "base64url"],
    ["line break at the end", `${jws}\n`, "base64url"],
    ["blank in front", ` ${jws}`, "base64url"],
    ["line break inside", `${header}.\n${payload}.${signature}`, "base64url"],
    ["header of no JSON", `${encode("eyJ")}.${payload}.${signature}`, "header-json"],
    ["header that is an array", `${encode('["ES256"]')}.${payload}.${signature}`, "header-json"],
    ["header null", `${encode("null")}.${payload}.${signature}`, "header-json"],
    [
      "header of broken UTF-8",
      `${Buffer.from([0x7b, 0xff, 0x7d]).toString("base64url")}.${payload}.${signature}`,
      "header-json",
    ],
    ["empty header", `.${payload}.${signature}`, "header-json"],
    ["truncated signature", `${header}.${payload}.${signature.slice(0, 80)}`, "low-s"],
    ["empty signature", `${header}.${payload}.`, "low-s"],
    [
      "truncated payload",
      `${header}.${encode(payloadText.slice(0, -3))}.${signature}`,
      "signature",
    ],
    ["swapped payload", `${header}.${encode("{}")}.${signature}`, "signature"],
    ["one bit of the signature changed", tampered(jws), "signature"],
    ["parts in another order", `${payload}.${header}.${signature}`, "header-members"],
  ])("%s", async (_name, text, check) => {
    expect(await failure(text)).toBe(check);
  });

  it("no prefix of a statement is valid, at whatever length", async () => {
    const lengths = Array.from(
      { length: jws.length - header.length - 1 },
      (_, more) => header.length + 1 + more,
    );
    const failures = await Promise.all(lengths.map((length) => failure(jws.slice(0, length))));
    expect(failures.filter((check) => check === undefined)).toEqual([]);
  });
});

describe("attacks on the header", () => {
  it.each<[string, string, string]>([
    [
      "alg none",
      `${encode(canonicalJson({ ...headerMembers, alg: "none" }))}.${payload}.`,
      "algorithm",
    ],
    ["alg NONE", signed(canonicalJson({ ...headerMembers, alg: "NONE" })), "algorithm"],
    ["HS256 keyed with the public key", hmacSigned(), "algorithm"],
    ["ES384", signed(canonicalJson({ ...headerMembers, alg: "ES384" })), "algorithm"],
    [
      "EdDSA for a P-256 key",
      signed(canonicalJson({ ...headerMembers, alg: "EdDSA" })),
      "key-form",
    ],
    [
      "embedded jwk",
      signed(
        canonicalJson({ ...headerMembers, kid: other.kid, jwk: { ...other.publicJwk } }),
        otherJwk,
      ),
      "no-embedded-key",
    ],
    [
      "jku",
      signed(canonicalJson({ ...headerMembers, jku: "https://attacker.example/jwks.json" })),
      "no-embedded-key",
    ],
    [
      "x5u",
      signed(canonicalJson({ ...headerMembers, x5u: "https://attacker.example/x.pem" })),
      "no-embedded-key",
    ],
    ["x5c", signed(canonicalJson({ ...headerMembers, x5c: ["AAAA"] })), "no-embedded-key"],
    [
      "unknown crit",
      signed(canonicalJson({ ...headerMembers, crit: ["exp"], exp: 0 })),
      "no-critical-extension",
    ],
    ["empty crit", signed(canonicalJson({ ...headerMembers, crit: [] })), "no-critical-extension"],
    [
      "b64 false",
      signed(canonicalJson({ ...headerMembers, b64: false, crit: ["b64"] })),
      "no-critical-extension",
    ],
    [
      "b64 false without crit",
      signed(canonicalJson({ ...headerMembers, b64: false })),
      "no-critical-extension",
    ],
    ["zip", signed(canonicalJson({ ...headerMembers, zip: "DEF" })), "header-members"],
    ["no typ", signed(canonicalJson({ alg: "ES256", kid: signer.kid })), "header-members"],
    [
      "a member named __proto__",
      signed('{"__proto__":{},"alg":"ES256","kid":"x","typ":"x"}'),
      "header-members",
    ],
    ["alg twice", signed(`{"alg":"none",${canonicalJson(headerMembers).slice(1)}`), "header-json"],
    [
      "alg twice, once escaped",
      signed(`{"\\u0061lg":"none",${canonicalJson(headerMembers).slice(1)}`),
      "header-json",
    ],
    [
      "members in another order",
      signed(JSON.stringify({ typ: TYPE, alg: "ES256", kid: signer.kid })),
      "header-canonical",
    ],
    ["blanks in the header", signed(JSON.stringify(headerMembers, null, 1)), "header-canonical"],
    [
      "a lone surrogate in the header",
      signed(`{"alg":"ES256","kid":"\\ud800","typ":"x"}`),
      "header-canonical",
    ],
    ["typ JWT", signed(canonicalJson({ ...headerMembers, typ: "JWT" })), "type"],
    ["typ constructor", signed(canonicalJson({ ...headerMembers, typ: "constructor" })), "type"],
    [
      "typ in capitals",
      signed(canonicalJson({ ...headerMembers, typ: TYPE.toUpperCase() })),
      "type",
    ],
    [
      "typ no version knows a form of",
      signed(canonicalJson({ ...headerMembers, typ: "log-checkpoint+jwt" })),
      "type-expected",
    ],
    [
      "typ of a receipt over a certificate",
      signed(canonicalJson({ ...headerMembers, typ: "consent-receipt+jwt" })),
      "form",
    ],
    [
      "kid of another key",
      signed(canonicalJson({ ...headerMembers, kid: other.kid })),
      "signature",
    ],
    [
      "kid of no key",
      signed(canonicalJson({ ...headerMembers, kid: "A".repeat(43) })),
      "key-known",
    ],
    ["kid that is a number", signed(canonicalJson({ ...headerMembers, kid: 7 })), "key-known"],
  ])("%s", async (_name, text, check) => {
    expect(await failure(text)).toBe(check);
  });

  it("another known type is refused where one is expected", async () => {
    expect(await failure(jws, { typ: "consent-receipt+jwt" })).toBe("type-expected");
    const text = signed(canonicalJson({ ...headerMembers, typ: "consent-receipt+jwt" }));
    expect((await verifyCertificate(text, options)).checks.at(-1)).toEqual({
      name: "type-expected",
      ok: false,
    });
    expect((await verifyCertificate(jws, options)).verdict).toBe("valid");
  });
});

describe("attacks on the signature", () => {
  it.each<[string, () => string, string]>([
    ["the high-S form of a good signature", highS, "low-s"],
    ["a DER signature", () => resigned("der"), "low-s"],
    [
      "a signature by another key",
      () => signed(canonicalJson(headerMembers), otherJwk),
      "signature",
    ],
    ["r and s of zero", () => `${header}.${payload}.${"A".repeat(86)}`, "signature"],
    [
      "the signature of another statement",
      () => `${header}.${encode(payloadText.replace("request-1", "request-2"))}.${signature}`,
      "signature",
    ],
  ])("%s", async (_name, forge, check) => {
    expect(await failure(forge())).toBe(check);
  });
});

describe("attacks through the key set", () => {
  const own = signer.publicJwk;
  const wrongX = { ...other.publicJwk, kid: own.kid };
  it.each<[string, readonly object[], string]>([
    ["no key", [], "key-known"],
    ["a key without a kid", [{ ...own, kid: undefined }], "key-known"],
    ["two keys with the same kid", [own, wrongX], "key-unique"],
    ["the same key twice", [own, own], "key-unique"],
    ["the private key published", [{ ...own, d: privateJwk.d }], "key-public"],
    ["another key under our kid", [wrongX], "key-thumbprint"],
    [
      "a symmetric key under our kid",
      [{ kty: "oct", k: "AAAA", alg: "HS256", kid: own.kid }],
      "key-public",
    ],
    ["an RSA key under our kid", [{ kty: "RSA", n: "AQAB", e: "AQAB", kid: own.kid }], "key-form"],
    ["another curve", [{ ...own, crv: "secp256k1" }], "key-form"],
    ["an algorithm of another kind", [{ ...own, alg: "ES384" }], "key-form"],
    ["a key for encryption", [{ ...own, use: "enc" }], "key-form"],
    ["a key for signing only", [{ ...own, key_ops: ["sign"] }], "key-form"],
    ["a padded coordinate", [{ ...own, x: `${own.x}=` }], "key-form"],
  ])("%s", async (_name, jwks, check) => {
    expect(await failure(jws, { keys: { keys: jwks as PublicJwk[] } })).toBe(check);
  });

  it("a point off the curve, under its own thumbprint", async () => {
    const { keyThumbprint } = await import("./signing-key.ts");
    const point = { kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43) } as const;
    const kid = await keyThumbprint(point);
    const text = signed(canonicalJson({ ...headerMembers, kid }));
    expect(
      await failure(text, { keys: { keys: [{ ...point, alg: "ES256", use: "sig", kid }] } }),
    ).toBe("signature");
  });

  it("a key of another kind than the algorithm says, where the key itself names none", async () => {
    const bare = { ...signer.publicJwk, alg: undefined };
    const text = signed(canonicalJson({ ...headerMembers, alg: "EdDSA" }));
    expect(await failure(text, { keys: { keys: [bare] } })).toBe("key-form");
  });

  it("keys of others in the set do no harm", async () => {
    const foreign = { kty: "RSA", n: "AQAB", e: "AQAB", kid: "rsa" } as unknown as PublicJwk;
    const bare = {
      kty: "EC",
      crv: "P-256",
      x: signer.publicJwk.x,
      y: privateJwk.kty === "EC" ? privateJwk.y : "",
      kid: signer.kid,
    } as PublicJwk;
    expect(await failure(jws, { keys: { keys: [foreign, bare] } })).toBeUndefined();
  });
});

describe("what is signed", () => {
  const header = canonicalJson(headerMembers);
  const scopes = [erasedScope({ outcome: "accepted-by-store" })];
  const partial = deletionCertificate(
    { ...certificateDraft({ issuer: certificate.issuer, scopes }) },
    ISSUED,
  );
  const wal = deletionCertificate(
    certificateDraft({
      issuer: certificate.issuer,
      scopes: [erasedScope({ remnants: [{ where: "wal", until: daysLater(7) }] })],
    }),
    ISSUED,
  );
  it.each<[string, string, string]>([
    ["payload of no JSON", "certificate", "payload-json"],
    ["a member twice", `{"claim":"partial",${payloadText.slice(1)}`, "payload-json"],
    [
      "a nested member twice",
      payloadText.replace('"role":', '"role":"processor","role":'),
      "payload-json",
    ],
    ["blanks", JSON.stringify(certificate, null, 2), "payload-canonical"],
    ["members in another order", JSON.stringify({ ...certificate }), "payload-canonical"],
    ["an array a thousand deep", `${"[".repeat(1000)}${"]".repeat(1000)}`, "payload-canonical"],
    ["an array", "[]", "form"],
    ["an unknown version", canonicalJson({ ...certificate, schemaVersion: "2" }), "form"],
    ["an unknown member", canonicalJson({ ...certificate, phone: "13800138000" }), "form"],
    ["the thumbprint of another key", canonicalJson(certificateBy(other)), "issuer-key"],
    [
      "a claim stronger than its outcomes",
      canonicalJson({ ...partial, claim: "deleted" }),
      "claim",
    ],
    [
      "a claim weaker than its outcomes",
      canonicalJson({ ...certificate, claim: "partial" }),
      "claim",
    ],
    ["an end nobody knows", canonicalJson({ ...partial, completesAt: daysLater(7) }), "claim"],
    ["an end before its time", canonicalJson({ ...wal, completesAt: daysLater(6) }), "claim"],
    ["a residual left out", canonicalJson({ ...wal, residuals: [] }), "residuals"],
    [
      "a moment to come",
      canonicalJson(
        deletionCertificate(certificateDraft({ issuer: certificate.issuer }), ISSUED + 86_400_000),
      ),
      "issued-at",
    ],
  ])("%s", async (_name, text, check) => {
    const verification = await verifyStatement(signed(header, privateJwk, text), options);
    expect(verification).toMatchObject({ verdict: "invalid", type: TYPE });
    expect(verification.claims).toBeUndefined();
    expect(verification.checks.at(-1)).toEqual({ name: check, ok: false });
  });

  it("a partial certificate is valid, and says so", async () => {
    for (const honest of [partial, wal]) {
      expect(await failure(await signer.sign(TYPE, honest))).toBeUndefined();
      expect(honest.claim).toBe("partial");
    }
  });
});

/** The check a statement fails, or undefined when it is valid. */
async function failure(text: string, changes: object = {}): Promise<string | undefined> {
  const { verdict, checks } = await verifyStatement(text, { ...options, ...changes });
  const failed = checks.filter(({ ok }) => !ok);
  expect([verdict, failed]).toEqual(
    verdict === "valid" ? ["valid", []] : ["invalid", [checks.at(-1)]],
  );
  return failed[0]?.name;
}

function certificateBy({ kid }: Signer): DeletionCertificate {
  const draft = certificateDraft();
  return deletionCertificate({ ...draft, issuer: { ...draft.issuer, keyThumbprint: kid } }, ISSUED);
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

/** A JWS over any header and payload, with a genuine low-S signature. */
function signed(
  headerText: string,
  jwk: PrivateJwk = privateJwk,
  text: string = payloadText,
): string {
  const input = `${encode(headerText)}.${encode(text)}`;
  const key = createPrivateKey({ key: { ...jwk }, format: "jwk" });
  for (;;) {
    const bytes = sign("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" });
    if (BigInt(`0x${bytes.subarray(32).toString("hex")}`) <= ORDER / 2n)
      return `${input}.${bytes.toString("base64url")}`;
  }
}

function resigned(dsaEncoding: "der"): string {
  const key = createPrivateKey({ key: { ...privateJwk }, format: "jwk" });
  return `${header}.${payload}.${sign("sha256", Buffer.from(`${header}.${payload}`), { key, dsaEncoding }).toString("base64url")}`;
}

function hmacSigned(): string {
  const input = `${encode(canonicalJson({ ...headerMembers, alg: "HS256" }))}.${payload}`;
  return `${input}.${createHmac("sha256", JSON.stringify(signer.publicJwk)).update(input).digest("base64url")}`;
}

function highS(): string {
  const bytes = Buffer.from(signature, "base64url");
  const high = ORDER - BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const s = Buffer.from(high.toString(16).padStart(64, "0"), "hex");
  return `${header}.${payload}.${Buffer.concat([bytes.subarray(0, 32), s]).toString("base64url")}`;
}

/** Changes the lowest bit of the r of a signature. */
function tampered(text: string): string {
  const start = text.lastIndexOf(".") + 1;
  const bytes = Buffer.from(text.slice(start), "base64url");
  bytes[31]! ^= 1;
  return text.slice(0, start) + bytes.toString("base64url");
}

/** The same bytes for a lax decoder: sets a bit that belongs to no byte. */
function withTrailingBits(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const other = text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1];
  expect(Buffer.from(other.split(".")[2]!, "base64url")).toEqual(
    Buffer.from(text.split(".")[2]!, "base64url"),
  );
  return other;
}
