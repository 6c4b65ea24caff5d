/** Who asks, as the host's `authenticate` told us. */
export interface SubjectIdentity {
  /** `''` where there is only one tenant. */
  readonly tenant: string;
  /** The host's own id of the person: personal data, never written to our records. */
  readonly subjectId: string;
}

/** A device before anybody signed in on it. */
export interface DeviceIdentity {
  readonly tenant: string;
  /** The device's own random 128 bits, base64url: kept by us as a keyed digest only. */
  readonly deviceSecret: string;
}

/** Whoever decides about consent. */
export type ConsentSubject = SubjectIdentity | DeviceIdentity;
