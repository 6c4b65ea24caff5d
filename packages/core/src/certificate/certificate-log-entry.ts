/** What the log holds of a certificate: the exact bytes that were signed. */
export interface CertificateLogEntry {
  readonly type: "certificate";
  readonly schemaVersion: "1";
  /** Compact JWS. */
  readonly statement: string;
}

/** The entry of a certificate; its leaf commits to the RFC 8785 form of it. */
export function certificateLogEntry(statement: string): CertificateLogEntry {
  return { type: "certificate", schemaVersion: "1", statement };
}
