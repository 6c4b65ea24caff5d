import { parseDeletionCertificate, renderCertificateHtml } from "@miniprivacy/core/certificate";
import type { Language } from "@miniprivacy/core/policy";
import type { LogProver } from "../log/log-prover.ts";
import type { Runtime } from "../runtime.ts";

/** A certificate as issued: the exact bytes that were signed. */
export interface StoredCertificate {
  readonly id: string;
  readonly requestId: string;
  /** Compact JWS. */
  readonly statement: string;
  readonly tenant: string;
  readonly leafIndex: number;
}

export interface CertificateStore {
  find(tenant: string, id: string): Promise<StoredCertificate | undefined>;
  /**
   * The proof that the log holds it, with what blinds its leaf; undefined while no checkpoint covers it.
   *
   * @see https://c2sp.org/tlog-proof
   */
  prove(certificate: StoredCertificate): Promise<string | undefined>;
  /** The human-readable form, one HTML file. */
  render(certificate: StoredCertificate, language: Language): string;
}

export function createCertificateStore(runtime: Runtime, log: LogProver): CertificateStore {
  const { database, policy } = runtime;
  const categoryLabels = Object.fromEntries(
    Object.entries(policy.categories).map(([id, { label }]) => [id, label]),
  );
  return {
    async find(tenant, id) {
      const row = await database.tables
        .selectFrom("certificate")
        .select(["id", "request_id", "statement", "leaf_index"])
        .where("tenant", "=", tenant)
        .where("id", "=", id)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { request_id: requestId, statement, leaf_index } = row;
      return { id, requestId, statement, tenant, leafIndex: Number(leaf_index) };
    },
    async prove({ tenant, leafIndex }) {
      const { blinding } = await database.tables
        .selectFrom("log_event")
        .select("blinding")
        .where("tenant", "=", tenant)
        .where("leaf_index", "=", leafIndex)
        .executeTakeFirstOrThrow();
      return log.prove(leafIndex, blinding);
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
