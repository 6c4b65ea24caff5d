import type { StepOutcome } from "../erasure/step-outcome.ts";
import type { DeletionClaim } from "./claim.ts";
import type {
  CertificateIssuer,
  ErasureTrigger,
  PlatformName,
  ScopeVerification,
  StoreKind,
  ProcessorStatement,
  VerificationMethod,
} from "./deletion-certificate.ts";
import type { ResidualReason } from "./residual.ts";

/** The words of the printed certificate in one language. */
export interface CertificateWords {
  readonly title: { readonly [Claim in DeletionClaim]: string };
  readonly claim: { readonly [Claim in DeletionClaim]: string };
  readonly completesAt: string;
  readonly completesUnknown: string;
  /** The language's punctuation, spaces included. */
  readonly marks: { readonly [Mark in "colon" | "comma" | "open" | "close"]: string };
  readonly labels: { readonly [Name in LabelName]: string };
  readonly role: { readonly [Role in CertificateIssuer["role"]]: string };
  readonly trigger: { readonly [Kind in ErasureTrigger["kind"]]: string };
  /** PIPL article 47 paragraph 1, items 1 to 5. */
  readonly ground: { readonly [Item in 1 | 2 | 3 | 4 | 5]: string };
  readonly platform: { readonly [Name in PlatformName]: string };
  readonly kind: { readonly [Kind in StoreKind]: string };
  readonly outcome: { readonly [Outcome in StepOutcome]: string };
  readonly method: { readonly [Method in VerificationMethod]: string };
  readonly verdict: { readonly [Verdict in ScopeVerification["verdict"]]: string };
  readonly reason: { readonly [Reason in ResidualReason]: string };
  readonly confirmation: { readonly [State in ProcessorStatement["confirmation"]]: string };
  readonly limited: string;
  readonly backups: {
    readonly none: string;
    readonly undeclared: string;
    readonly held: string;
    readonly gone: string;
    readonly guard: string;
    readonly noGuard: string;
  };
  readonly proven: {
    readonly readBack: string;
    readonly key: string;
    readonly anonymized: string;
    readonly signature: string;
  };
  readonly notProven: readonly string[];
  /** Stands among what is not proven while no log checkpoint dates the certificate. */
  readonly undated: string;
  readonly howToVerify: string;
}

type LabelName =
  | "number"
  | "issuedAt"
  | "issuer"
  | "controller"
  | "contact"
  | "subject"
  | "persons"
  | "records"
  | "categories"
  | "trigger"
  | "request"
  | "demand"
  | "supersedes"
  | "open"
  | "done"
  | "stores"
  | "store"
  | "outcome"
  | "counts"
  | "means"
  | "check"
  | "until"
  | "readableUntil"
  | "remnants"
  | "residuals"
  | "backups"
  | "processors"
  | "proven"
  | "notProven"
  | "verify"
  | "key"
  | "seal"
  | "responsible"
  | "date"
  | "uncounted"
  | "unknown";
