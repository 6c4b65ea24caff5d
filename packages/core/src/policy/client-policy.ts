import type {
  DataSource,
  Language,
  LocalizedText,
  Policy,
  PurposeUse,
  ConsentKind,
} from "./policy.ts";
import { policyDigest, purposeDigest } from "./policy-digest.ts";

/** What a device needs of a policy: which purposes there are and what they open. Texts come with the notice. */
export interface ClientPolicy {
  readonly id: string;
  readonly version: string;
  /** {@link policyDigest} of the policy this was made from. */
  readonly digest: string;
  readonly languages: readonly Language[];
  readonly purposes: { readonly [id: string]: ClientPurpose };
  readonly categories: { readonly [id: string]: ClientCategory };
  /** Whether a grant states the person's age band: children may be among them, or the platform wants it asked. */
  readonly asksAge?: true;
  /** Third-party code that starts and stops with the consent to its purpose. */
  readonly sdks: { readonly [id: string]: ClientSdk };
}

export interface ClientSdk {
  readonly purpose: string;
}

export interface ClientPurpose {
  readonly label: LocalizedText;
  readonly categories: readonly string[];
  readonly consentKind: ConsentKind;
  readonly necessity: "necessary" | "optional";
  readonly use: PurposeUse;
  readonly digest: string;
}

export interface ClientCategory {
  readonly source: DataSource;
  readonly sensitive?: string;
  readonly weixinPrivacyKey?: string;
}

export function clientPolicy(policy: Policy): ClientPolicy {
  const { id, version, languages } = policy;
  return {
    id,
    version,
    digest: policyDigest(policy),
    languages,
    purposes: Object.fromEntries(
      Object.entries(policy.purposes).map(
        ([name, { label, categories, consentKind, necessity, use }]) => [
          name,
          {
            label,
            categories,
            consentKind: consentKind ?? "explicit",
            necessity,
            use: use ?? "service",
            digest: purposeDigest(policy, name),
          },
        ],
      ),
    ),
    categories: Object.fromEntries(
      Object.entries(policy.categories).map(([name, { source, sensitive, weixinPrivacyKey }]) => [
        name,
        { source, ...(sensitive && { sensitive }), ...(weixinPrivacyKey && { weixinPrivacyKey }) },
      ]),
    ),
    ...(asksAge(policy) && { asksAge: true }),
    sdks: Object.fromEntries(
      Object.entries(policy.sdks ?? {}).map(([name, { purpose }]) => [name, { purpose }]),
    ),
  };
}

function asksAge({ audience, platforms }: Policy): boolean {
  return audience?.minors === "possible" || platforms?.tcmpp?.minimumAge === "ask";
}
