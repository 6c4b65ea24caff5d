import { parseDeletionCertificate, renderCertificateHtml } from "@miniprivacy/core/certificate";
import type { Language } from "@miniprivacy/core/policy";
import type { Runtime } from "../runtime.ts";

/** A certificate as issued: the exact bytes that were signed. */
export interface StoredCertificate {
  readonly id: string;
  readonly requestId: string;
  /** Compact JWS. */
  readonly statement: string;
}

export interface CertificateStore {
  find(tenant: string, id: string): Promise<StoredCertificate | undefined>;
  /** The human-readable form, one HTML file. */
  render(certificate: StoredCertificate, language: Language): string;
}

export function createCertificateStore({ database, policy }: Runtime): CertificateStore {
  const categoryLabels = Object.fromEntries(
    Object.entries(policy.categories).map(([id, { label }]) => [id, label]),
  );
  return {
    async find(tenant, id) {
      const row = await database.tables
        .selectFrom("certificate")
        .select(["id", "request_id", "statement"])
        .where("tenant", "=", tenant)
        .where("id", "=", id)
        .executeTakeFirst();
      return row && { id: row.id, requestId: row.request_id, statement: row.statement };
    },
    render({ statement }, language) {
      const payload = Buffer.from(statement.split(".")[1] ?? "", "base64url").toString("utf8");
      return renderCertificateHtml(parseDeletionCertificate(JSON.parse(payload)), {
        language,
        jws: statement,
        categoryLabels,
      });
    },
  };
}
