/** Who asks, as the host's `authenticate` told us. */
export interface SubjectIdentity {
  /** `''` where there is only one tenant. */
  readonly tenant: string;
  /** The host's own id of the person: personal data, never written to our records. */
  readonly subjectId: string;
}
