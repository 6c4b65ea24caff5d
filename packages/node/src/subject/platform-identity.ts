/** What a platform calls a person. Personal data: nothing of it is stored. */
export interface PlatformIdentity {
  readonly kind: "openid" | "unionid" | "phone";
  readonly value: string;
}

/** The host's function from what a platform calls a person to its own subjectId; null when it knows nobody of that name. */
export type Identities = (
  identity: PlatformIdentity,
  tenant: string,
) => string | null | Promise<string | null>;
