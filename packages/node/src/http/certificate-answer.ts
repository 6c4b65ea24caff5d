import { PrivacyError } from "@miniprivacy/core/errors";
import type { CertificateStore, StoredCertificate } from "../erasure/certificate-store.ts";

/** A certificate with its proof, or as the page that the query asks for. @throws PrivacyError `ERR_INPUT_INVALID` */
export async function certificateAnswer(
  certificates: CertificateStore,
  stored: StoredCertificate,
  query: URLSearchParams,
): Promise<Response> {
  if (query.get("format") === null)
    return Response.json({
      certificate: stored.statement,
      proof: await certificates.prove(stored),
    });
  if (query.get("format") !== "html") throw new PrivacyError("ERR_INPUT_INVALID");
  const html = certificates.render(stored, query.get("language") === "en" ? "en" : "zh-CN");
  return new Response(html, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
