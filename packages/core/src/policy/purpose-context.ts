import type {
  CategoryDefinition,
  Policy,
  PurposeDefinition,
  RecipientDefinition,
} from "./policy.ts";
import type { PolicyFinding } from "./policy-finding.ts";

/** One purpose with what its ids stand for, as the rules look at it. References must have been checked. */
export interface PurposeContext {
  readonly policy: Policy;
  readonly path: string;
  readonly purpose: PurposeDefinition;
  readonly categories: readonly CategoryDefinition[];
  readonly receivers: readonly Receiver[];
  /** Whether consent is given for this one thing: separate, written or by a guardian. */
  readonly separate: boolean;
}

/** Somebody who is given data for a purpose: a recipient of it, or the operator of an SDK that serves it. */
export interface Receiver {
  /** Where the policy names it: `purposes.delivery.recipients.0`, `sdks.maps.recipient`. */
  readonly path: string;
  readonly party: RecipientDefinition;
  readonly categories: readonly CategoryDefinition[];
  /** Whether its code takes the data by itself, so that nothing of ours stands between. */
  readonly embedded: boolean;
}

export type PurposeRule = (context: PurposeContext) => readonly PolicyFinding[];

export function purposeContexts(policy: Policy): readonly PurposeContext[] {
  return Object.entries(policy.purposes).map(([id, purpose]) => ({
    policy,
    path: `purposes.${id}`,
    purpose,
    categories: categoriesOf(policy, purpose),
    receivers: receiversOf(policy, id, purpose),
    separate: purpose.basis !== "consent" || (purpose.consentKind ?? "explicit") !== "explicit",
  }));
}

function receiversOf(policy: Policy, id: string, purpose: PurposeDefinition): readonly Receiver[] {
  const named = [
    ...(purpose.recipients ?? []).map((recipient, i) => ({
      path: `purposes.${id}.recipients.${i}`,
      recipient,
      embedded: false,
      categories: categoriesOf(policy, purpose),
    })),
    ...Object.entries(policy.sdks ?? {})
      .filter(([, sdk]) => sdk.purpose === id)
      .map(([name, sdk]) => ({
        path: `sdks.${name}.recipient`,
        recipient: sdk.recipient ?? "",
        embedded: true,
        categories: categoriesOf(policy, sdk),
      })),
  ];
  return named.flatMap(({ recipient, ...receiver }) => {
    const party = policy.recipients[recipient];
    return party === undefined ? [] : { ...receiver, party };
  });
}

function categoriesOf(
  policy: Policy,
  { categories }: { readonly categories: readonly string[] },
): readonly CategoryDefinition[] {
  return categories.flatMap((id) => policy.categories[id] ?? []);
}
