import { compactVerify, importJWK, type JWK } from "jose";

/** Any JOSE library will do: compact JWS, ES256. `thumbprint` is the key you trust, learnt beforehand. */
export async function verifyWithJose(
  jws: string,
  jwks: { readonly keys: readonly JWK[] },
  thumbprint: string,
): Promise<object> {
  const jwk = jwks.keys.find(({ kid }) => kid === thumbprint);
  if (jwk === undefined) throw new Error("the key you trust is not in the set");
  const { payload, protectedHeader } = await compactVerify(jws, await importJWK(jwk, "ES256"), {
    algorithms: ["ES256"],
  });
  if (protectedHeader.typ !== "deletion-certificate+jwt") throw new Error("no certificate");
  return JSON.parse(new TextDecoder().decode(payload)) as object;
}
