import type { Policy } from "../policy/policy.ts";

/** What a withdrawal leads to, category by category. */
export interface WithdrawalEffect {
  /** Categories that nothing keeps any longer: what the purpose's retention says starts now. */
  readonly categories: readonly string[];
  /** Categories that stay, with everything that keeps them: another purpose, or a hold. */
  readonly kept: readonly KeptCategory[];
}

export interface KeptCategory {
  readonly category: string;
  /** Id of the purpose or hold. */
  readonly by: string;
}

/**
 * Which categories of a withdrawn purpose go, and which stay because another live purpose or a hold needs them.
 * What was done before the withdrawal stays lawful (PIPL-15). A purpose that rests on no consent is ended by no withdrawal.
 *
 * @param live Ids of purposes whose consent permits; one on another basis counts as live by itself.
 * @throws RangeError when the policy does not have the purpose.
 * @see PIPL-15, PIPL-47, WX-4.4.4d
 */
export function withdrawalEffect(
  policy: Policy,
  purpose: string,
  live: ReadonlySet<string>,
): WithdrawalEffect {
  if (!Object.hasOwn(policy.purposes, purpose))
    throw new RangeError("the policy has no such purpose");
  const { categories } = policy.purposes[purpose]!;
  // Requirement PIPL-47: a withdrawn purpose keeps nothing, whatever was known of it before.
  const purposes = Object.entries(policy.purposes).filter(
    ([id, { basis }]) => basis !== "consent" || (id !== purpose && live.has(id)),
  );
  const keepers = [...purposes, ...Object.entries(policy.holds ?? {})];
  const kept = categories.flatMap((category) =>
    keepers
      .filter(([, keeper]) => keeper.categories.includes(category))
      .map(([by]) => ({ category, by })),
  );
  return {
    // Requirement WX-4.4.4d, PIPL-47: what no purpose and no law needs any longer goes.
    categories: categories.filter((id) => kept.every(({ category }) => category !== id)),
    kept,
  };
}
